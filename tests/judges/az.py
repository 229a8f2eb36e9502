"""Reads one command as the Azure CLI does, and prints the request that it would send, as a line of JSON.

The Azure CLI's own command table, argument parser and request builder do the work. Only its last step is replaced: nobody
logs in, and nothing is sent. Azure-cli, azure-cli-core and msrest from PyPI must be there.
"""

import json
import sys

from azure.cli.core import get_default_cli
from azure.cli.core.aaz._client import AAZBaseClient
from azure.cli.core.aaz._command_ctx import AAZCommandCtx


def show(_client, request, stream=False, **_):
    body = request.data if isinstance(request.data, (dict, list)) else json.loads(request.data)
    print(json.dumps({"method": request.method, "url": request.url, "body": body}))
    sys.exit(0)


AAZCommandCtx.get_login_credential = lambda _context: object()
AAZBaseClient.send_request = show
sys.exit(get_default_cli().invoke(sys.argv[1:]))
