import { local } from "../../environments/local";
import { XSimulator } from "../../local/x-simulator/x-simulator";
import { namesOf } from "../../stacks/environment/naming";
import { Program } from "../helpers/program";
import { deliveredIds } from "./delivered-posts";
import { deployedEnvironment, IngesterProcess } from "./deployed-ingester";
import { Deployment } from "./deployment";
import { describeWithEmulator, Emulator } from "./emulator";
import { EVERY_KIND, kindsOf } from "./inventory";

const names = namesOf(local);
const STACKS = [names.registryStack, names.dataStack, names.ingesterStack];
const PREFIX = `${local.app}-${local.environment}`;
const TEN_MINUTES = 600_000;
const POSTS = 250;

/** What emulators report back differently, each with its reason; everything else must come back as it was sent. */
const REPORTED_DIFFERENTLY: Readonly<Record<string, string>> = {
  "aws_ecs_service.ingester_service (delete, create)":
    "moto leaves capacityProviderStrategy out of DescribeServices, so that every plan sees a service without one",
};

describeWithEmulator("the environment local on an AWS emulator", () => {
  const emulator = new Emulator({ accountId: local.accountId, region: local.region });
  const program = new Program();
  const deployment = new Deployment(emulator, program.directory);
  const x = new XSimulator({ posts: POSTS, rateLimits: "off" });
  let xUrl: string;
  let ingester: IngesterProcess | undefined;

  beforeAll(async () => {
    await emulator.mustAnswer();
    xUrl = (await x.listen()).url;
    const { exitCode, stderr } = await program.synth();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    // They know each other by name only; the order matters to AWS, not to an emulator.
    await Promise.all(STACKS.map((stack) => deployment.apply(stack)));
  }, TEN_MINUTES);

  afterAll(async () => {
    await ingester?.stop();
    await x.close();
    await Promise.all(STACKS.map((stack) => deployment.destroy(stack)));
    deployment.remove();
  }, TEN_MINUTES);

  /** The one thing that is not as deployed: where X is, and that this machine's port 8080 may be taken. */
  async function startIngester(): Promise<IngesterProcess> {
    const deployed = await deployedEnvironment(names.ingesterStack, emulator);
    const here = { X_API_URL: xUrl, HTTP_PORT: "0" };
    ingester = new IngesterProcess({ ...emulator.environment, ...deployed, ...here });
    return ingester;
  }

  /** Emulators may buffer as Firehose does: waits until there are as many lines as posts. */
  async function deliveredOnce(posts: number): Promise<string[]> {
    const ids = await deliveredIds(names.bucket, emulator);
    if (ids.length >= posts) return ids;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return deliveredOnce(posts);
  }

  it("has every kind of resource once all three stacks are applied", async () => {
    expect(await kindsOf(PREFIX, emulator)).toEqual(EVERY_KIND);
  });

  it(
    "has nothing left to change",
    async () => {
      const differences = await Promise.all(STACKS.map((stack) => deployment.differences(stack)));
      expect(differences.flat().filter((difference) => !(difference in REPORTED_DIFFERENTLY))).toEqual([]);
    },
    TEN_MINUTES,
  );

  it(
    "delivers every post that was bought, with the environment of the deployed task",
    async () => {
      const secret = { SecretId: names.tokenSecret, SecretString: "a-token" };
      await emulator.json("secretsmanager", "secretsmanager.PutSecretValue", {
        ...secret,
        ClientRequestToken: "00000000-0000-4000-8000-000000000000",
      });
      const process = await startIngester();
      await process.until("caught_up");
      expect(await process.stop()).toBe(0);
      const bought = [...x.billedIds()].map(String);
      expect([bought.length, x.ledger.report().posts]).toEqual([POSTS, POSTS]);
      expect((await deliveredOnce(POSTS)).sort()).toEqual(bought.sort());
    },
    TEN_MINUTES,
  );

  it(
    "buys nothing again when the task is replaced",
    async () => {
      const before = x.ledger.report().posts;
      const process = await startIngester();
      await process.until("caught_up");
      expect(await process.stop()).toBe(0);
      expect(x.ledger.report().posts).toBe(before);
      expect(await deliveredIds(names.bucket, emulator)).toHaveLength(POSTS);
    },
    TEN_MINUTES,
  );

  it(
    "leaves only task definitions behind when it is destroyed: ECS rolls back to them, and they hold no data",
    async () => {
      await Promise.all(STACKS.map((stack) => deployment.destroy(stack)));
      expect(STACKS.map((stack) => deployment.resourceCount(stack))).toEqual([0, 0, 0]);
      expect(await kindsOf(PREFIX, emulator)).toEqual(["task definitions"]);
    },
    TEN_MINUTES,
  );
});
