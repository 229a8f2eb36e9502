# The identities of Flux in forty clusters, whose values the source beside this directory reads:
#
#   terraform -chdir=terraform output -json clusters | jq --sort-keys . > values.json
#   flux-identity build
#
# The clusters themselves are made elsewhere; of each this root knows where it is and its OIDC issuer.

locals {
  # Written by the configuration of the clusters: name => account, region, issuer; or resource group, tenant, issuer.
  clusters = jsondecode(file("${path.module}/clusters.json"))

  eks   = { for name, cluster in local.clusters : name => cluster if cluster.platform == "eks" }
  aks   = { for name, cluster in local.clusters : name => cluster if cluster.platform == "aks" }
  roles = ["registry", "decryption"]

  # One identity for each cluster and role.
  azure = merge([
    for name, cluster in local.aks : { for role in local.roles : "${name}-${role}" => cluster }
  ]...)
}

# What each AWS role and each managed identity must trust: `flux-identity build` writes it.
module "trust_dev" {
  source = "./trust/aws-111122223333"
}

module "trust_prod" {
  source = "./trust/aws-444455556666"
}

module "trust_azure" {
  source = "./trust/azure-a8fa7fd6-0893-411a-a990-7b5545ccf9c4"
}

resource "aws_iam_role" "dev" {
  for_each           = module.trust_dev.assume_role_policies
  name               = each.key
  path               = "/flux/"
  assume_role_policy = each.value
}

resource "aws_iam_role" "prod" {
  provider           = aws.prod
  for_each           = module.trust_prod.assume_role_policies
  name               = each.key
  path               = "/flux/"
  assume_role_policy = each.value
}

resource "azurerm_user_assigned_identity" "flux" {
  for_each            = local.azure
  name                = each.key
  location            = each.value.location
  resource_group_name = "flux"
}

resource "azurerm_federated_identity_credential" "flux" {
  for_each = merge([
    for client_id, identity in module.trust_azure.federated_credentials : {
      for name, credential in identity.credentials : "${client_id}/${name}" => merge(credential, {
        name = name
        id   = identity.resource_id
      })
    }
  ]...)
  name                = each.value.name
  resource_group_name = "flux"
  parent_id           = each.value.id
  issuer              = each.value.issuer
  subject             = each.value.subject
  audience            = each.value.audiences
}

# The values of the source: an attribute that a cluster does not have is null, and not read.
output "clusters" {
  value = {
    for name, cluster in local.clusters : name => {
      account                  = try(cluster.account, null)
      region                   = try(cluster.region, null)
      tenant                   = try(cluster.tenant, null)
      issuer                   = cluster.issuer
      "registry-client-id"     = try(azurerm_user_assigned_identity.flux["${name}-registry"].client_id, null)
      "registry-resource-id"   = try(azurerm_user_assigned_identity.flux["${name}-registry"].id, null)
      "decryption-client-id"   = try(azurerm_user_assigned_identity.flux["${name}-decryption"].client_id, null)
      "decryption-resource-id" = try(azurerm_user_assigned_identity.flux["${name}-decryption"].id, null)
    }
  }
}
