// The compiler. It answers one question at a time: files in, findings and overlays out.
"use strict";

const compiler = WebAssembly.instantiateStreaming(fetch("playground.wasm"), {}).then(({ instance }) => instance.exports);

async function answer(files) {
  const { memory, reserve, answer, release } = await compiler;
  const question = new TextEncoder().encode(JSON.stringify({ files }));
  const start = reserve(question.length);
  new Uint8Array(memory.buffer, start, question.length).set(question);
  const packed = BigInt.asUintN(64, answer(start, question.length));
  const [address, length] = [Number(packed >> 32n), Number(packed & 0xffffffffn)];
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, address, length));
  release(address, length);
  return JSON.parse(text);
}

compiler.then(() => postMessage({ ready: true }), (error) => postMessage({ failure: String(error) }));

onmessage = ({ data: { id, files } }) => {
  answer(files).then(
    (found) => postMessage({ id, answer: found }),
    (error) => postMessage({ id, failure: String(error) }),
  );
};
