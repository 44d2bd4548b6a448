// Drives a running server with @saintno/comfyui-sdk, a client people use with ComfyUI: node sdk.mjs http://127.0.0.1:8188/
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CallWrapper, ComfyApi, PromptBuilder } from "@saintno/comfyui-sdk";

const [address] = process.argv.slice(2);
const workflow = JSON.parse(readFileSync(new URL("../../workflows/text-to-image.json", import.meta.url)));

const api = new ComfyApi(address.replace(/\/$/, ""), "sdk-client", { forceWs: true });
api.on("error", () => {}); // what fails is seen by the calls below
await api.init(5, 200).waitForReady();

const node = (type) => Object.keys(workflow).find((id) => workflow[id].class_type === type);
const sampler = node("KSampler");
const loader = node("CheckpointLoaderSimple");
const size = node("EmptyLatentImage");
const save = node("SaveImage");

assert.ok((await api.getCheckpoints()).includes("nodehost-tiny-sd15.safetensors"), "the checkpoint list");
assert.ok((await api.getSamplerInfo()).sampler[0].length > 40, "the samplers of KSampler");
assert.equal((await api.getSystemStats()).devices.length, 1, "system_stats names one device");

const prompt = new PromptBuilder(workflow, ["checkpoint", "seed", "steps", "width", "height"], ["images"])
  .setInputNode("checkpoint", `${loader}.inputs.ckpt_name`)
  .setInputNode("seed", `${sampler}.inputs.seed`)
  .setInputNode("steps", `${sampler}.inputs.steps`)
  .setInputNode("width", `${size}.inputs.width`)
  .setInputNode("height", `${size}.inputs.height`)
  .setOutputNode("images", save)
  .input("checkpoint", "nodehost-tiny-sd15.safetensors")
  .input("seed", 7)
  .input("steps", 3)
  .input("width", 128)
  .input("height", 128);

const steps = [];
let started = false;
const result = await new Promise((resolve, reject) => {
  new CallWrapper(api, prompt)
    .onStart(() => (started = true))
    .onProgress((info) => steps.push(info.value))
    .onFinished(resolve)
    .onFailed(reject)
    .run();
});
assert.ok(started, "the run was announced");
assert.deepEqual(steps.filter((value, at) => value !== steps[at - 1]).slice(-3), [1, 2, 3], "each step was reported");

const [picture] = result.images.images;
const answer = await fetch(api.getPathImage(picture));
assert.equal(answer.headers.get("content-type"), "image/png");
const bytes = Buffer.from(await answer.arrayBuffer());
assert.equal(bytes.readUInt32BE(16), 128, "the picture is as wide as asked for");

// The SDK is finished with the last output; the run itself ends a moment later.
let history = {};
for (let patience = 100; patience > 0 && Object.keys(history).length === 0; patience--) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  history = await api.getHistories();
}
assert.equal(Object.values(history).at(-1).status.status_str, "success");
assert.equal((await api.getQueue()).queue_pending.length, 0);

const blob = new Blob([bytes], { type: "image/png" });
const uploaded = await api.uploadImage(blob, "uploaded.png");
assert.equal(uploaded.info.filename, "uploaded.png");

api.destroy();
console.log("ok");
process.exit(0);
