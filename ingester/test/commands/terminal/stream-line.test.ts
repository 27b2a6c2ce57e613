import { streamParts } from "../../../src/commands/terminal/stream-line";
import { play, type Scene, STREAM_SCENES } from "../../status/page/scenes";

async function partsOf(
  scene: Scene | undefined,
  money = "$1.00 spent, $9.00 left",
): Promise<readonly string[]> {
  const status = (await play(scene)).snapshot();
  if (status.filteredStream === undefined) throw new Error("There is no stream in the status.");
  return streamParts(status, status.filteredStream, money);
}

describe("the last line of a stream", () => {
  it("says how long it listens, what is open, what comes and what it costs", async () => {
    expect(await partsOf(STREAM_SCENES.listening)).toEqual([
      ...["Listening 4 min", "2 holes", "30 posts", "$1.00 spent, $9.00 left", "0.5/s", "search fills"],
      ...["lag 2 s", "1 disconnection"],
    ]);
  });

  it("says when it connects next", async () => {
    const [state, holes] = await partsOf(STREAM_SCENES["not connected"]);
    expect([state, holes]).toEqual(["Not connected, next try in 3 min", "3 holes"]);
  });

  it("says when search begins, that it is off, and how full the buffer is once that matters", async () => {
    const scene = STREAM_SCENES.listening;
    const watched = scene?.parts?.filteredStream;
    if (watched === undefined) throw new Error("The scene has no stream.");
    const full = { ...watched, fill: false, bufferBytes: 12_000_000 };
    const parts = await partsOf({ ...scene, parts: { ...scene?.parts, filteredStream: full } });
    expect(parts).toEqual(expect.arrayContaining(["STREAM_FILL=false", "buffer 50 %"]));
  });
});
