// Drives a running server's hub with @microsoft/signalr: node signalr.mjs http://127.0.0.1:8188/
import assert from "node:assert/strict";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const [address] = process.argv.slice(2);
const hub = new HubConnectionBuilder()
  .withUrl(new URL("hub", address).href)
  .configureLogging(LogLevel.Warning)
  .build();

const sampling = (steps) => ({
  1: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "nodehost-tiny-sd15.safetensors" } },
  2: { class_type: "CLIPTextEncode", inputs: { text: "red", clip: ["1", 1] } },
  3: { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
  4: {
    class_type: "KSampler",
    inputs: {
      model: ["1", 0], positive: ["2", 0], negative: ["2", 0], latent_image: ["3", 0],
      seed: 7, steps, cfg: 2, sampler_name: "euler", scheduler: "normal", denoise: 1,
    },
  },
  5: { class_type: "VAEDecode", inputs: { samples: ["4", 0], vae: ["1", 2] } },
  6: { class_type: "PreviewImage", inputs: { images: ["5", 0] } },
});

const events = [];
const waiting = [];
for (const type of ["status", "execution_start", "execution_cached", "executing", "progress", "progress_state", "preview",
  "executed", "execution_success", "execution_error", "execution_interrupted"]) {
  hub.on(type, (data) => {
    events.push({ type, data });
    for (const waiter of waiting.splice(0)) waiter();
  });
}
async function until(condition) {
  let found;
  while (!(found = events.find(condition))) await new Promise((resolve) => waiting.push(resolve));
  return found.data;
}

await hub.start();

const { prompt_id: first } = await hub.invoke("Queue", sampling(3));
const picture = await until(({ type, data }) => type === "executed" && data.prompt_id === first);
assert.equal(picture.output.images[0].type, "temp");
await until(({ type, data }) => type === "execution_success" && data.prompt_id === first);
assert.deepEqual(events.filter(({ type }) => type === "progress").map(({ data }) => data.value).slice(-1), [3]);

const { prompt_id: second } = await hub.invoke("Queue", { prompt: sampling(9000) });
const frame = await new Promise((resolve, reject) => {
  const stream = hub.stream("Previews", second).subscribe({
    next: (value) => (stream.dispose(), resolve(value)),
    error: reject,
    complete: () => reject(new Error("no preview came")),
  });
});
assert.equal(frame.imageType, "image/jpeg");
assert.ok(Buffer.from(frame.image, "base64").length > 100, "a preview is a picture");
assert.equal(await hub.invoke("Cancel", second), true);
await until(({ type, data }) => type === "execution_interrupted" && data.prompt_id === second);

await assert.rejects(hub.invoke("Queue", { 1: { class_type: "Nothing", inputs: {} } }), /invalid_prompt/);
await hub.stop();
console.log("ok");
process.exit(0);
