import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import type { WorkerSizeProps } from "../../../stacks/constructs/worker/props";
import { workerProblems as problemsOf } from "../../../stacks/constructs/worker/rules";

type Props = WorkerSizeProps & { httpPort?: number };
const worker = (changes: Partial<Props> = {}): Props => ({
  cpu: 512,
  memoryMiB: 1024,
  cpuArchitecture: "ARM64",
  httpPort: 8080,
  ...changes,
});
const location = awsLocation("333333333333", "eu-west-1");
const workerProblems = (props: Props) => problemsOf(props, location);
const sidecar = { name: "agent", image: "public.ecr.aws/agent:1.0" };

/** CPU, then memory that Fargate sells, then memory that it does not. */
const sizes: [number, number[], number[]][] = [
  [256, [512, 1024, 2048], [511, 513, 1536, 3072]],
  [512, [1024, 4096], [512, 1023, 5120]],
  [1024, [2048, 8192], [1024, 2049, 9216]],
  [2048, [4096, 16_384], [3072, 17_408]],
  [4096, [8192, 30_720], [7168, 31_744]],
  [8192, [16_384, 20_480, 61_440], [15_360, 17_408, 65_536]],
  [16_384, [32_768, 122_880], [24_576, 36_864, 131_072]],
];

describe("a worker", () => {
  it.each(sizes)("with %d CPU units takes the memory that Fargate sells", (cpu, sold, notSold) => {
    const problems = (memoryMiB: number) => workerProblems(worker({ cpu, memoryMiB })).length;
    expect(sold.map(problems)).toEqual(sold.map(() => 0));
    expect(notSold.map(problems)).toEqual(notSold.map(() => 1));
  });

  const accepted: [string, Partial<Props>][] = [
    [
      "the shortest health check",
      { healthCheck: { intervalSeconds: 5, timeoutSeconds: 2, retries: 1, startSeconds: 0 } },
    ],
    ["no task at all", { run: { mode: "service", desiredCount: 0 } }],
    [
      "a schedule in a time zone",
      { run: { mode: "schedule", expression: "rate(1 hour)", timeZone: "Europe/Paris" } },
    ],
    ["sidecars that fill the task", { sidecars: [{ ...sidecar, cpu: 512, memoryMiB: 1024, ports: [9090] }] }],
    ["one task", { run: { mode: "service", desiredCount: 1 } }],
    [
      "nine sidecars",
      { sidecars: Array.from({ length: 9 }, (_, index) => ({ ...sidecar, name: `agent-${index}` })) },
    ],
    [
      "sidecars with all of the task's memory",
      {
        sidecars: [
          { ...sidecar, memoryMiB: 512 },
          { ...sidecar, name: "other", memoryMiB: 512 },
        ],
      },
    ],
    ["no port", { httpPort: 0 }],
  ];
  it.each(accepted)("is accepted with %s", (_case, changes) => {
    expect(workerProblems(worker(changes))).toEqual([]);
  });

  const refused: [string, Partial<Props>, RegExp][] = [
    [
      "a sidecar whose name has a blank",
      { sidecars: [{ ...sidecar, name: "log agent" }] },
      /^sidecars.0.name must be 1 to 255 letters/,
    ],
    [
      "a sidecar without memory",
      { sidecars: [{ ...sidecar, memoryMiB: 0 }] },
      /^sidecars.0.memoryMiB must be a whole number from 6 to/,
    ],
    [
      "sidecars with more memory than the task in all",
      {
        sidecars: [
          { ...sidecar, memoryMiB: 512 },
          { ...sidecar, name: "other", memoryMiB: 513 },
        ],
      },
      /^sidecars must be given at most 1024 MiB in all, the task's, got 1025/,
    ],
    [
      "ten sidecars",
      { sidecars: Array.from({ length: 10 }, (_, index) => ({ ...sidecar, name: `agent-${index}` })) },
      /^sidecars must be at most 9, got 10/,
    ],
    [
      "a sidecar's variable that no shell could name",
      { sidecars: [{ ...sidecar, environment: { "A=B": "c" } }] },
      /^sidecars.0.environment.A=B must be 1 to 255 letters/,
    ],
    ["two tasks", { run: { mode: "service", desiredCount: 2 } }, /^run.desiredCount must be .* got 2/],
    ["3 CPU units", { cpu: 3 }, /^cpu must be one of 256, .* got 3/],
    [
      "5 MiB of memory",
      { memoryMiB: 5 },
      /^memoryMiB must be 1024 to 4096 in steps of 1024 with cpu 512, got 5/,
    ],
    [
      "a desired count of -1",
      { run: { mode: "service", desiredCount: -1 } },
      /^run.desiredCount must be .* got -1/,
    ],
    ["misspelt insights", { containerInsights: "enhancedd" as "enhanced" }, /^containerInsights must be/],
    ["20 GiB of disk", { ephemeralStorageGiB: 20 }, /^ephemeralStorageGiB must be .* 21 to 200/],
    ["a stop timeout of 121", { stopTimeoutSeconds: 121 }, /^stopTimeoutSeconds must be/],
    [
      "a check every 4 seconds",
      { healthCheck: { intervalSeconds: 4 } },
      /^healthCheck.intervalSeconds must be/,
    ],
    ["a schedule in words", { run: { mode: "schedule", expression: "hourly" } }, /^run.expression must be/],
    [
      "a schedule on Mars",
      { run: { mode: "schedule", expression: "rate(1 hour)", timeZone: "Mars/Phobos" } },
      /^run.timeZone must be/,
    ],
    [
      "a sidecar that moves",
      { sidecars: [{ ...sidecar, image: "agent:latest" }] },
      /^sidecars.0.image must be/,
    ],
    [
      "a sidecar without a tag",
      { sidecars: [{ ...sidecar, image: "host:5000/agent" }] },
      /^sidecars.0.image must be/,
    ],
    [
      "sidecars larger than the task",
      { sidecars: [{ ...sidecar, cpu: 513 }] },
      /^sidecars must be given at most 512 CPU units in all/,
    ],
    [
      "a sidecar with more memory than the task",
      { sidecars: [{ ...sidecar, memoryMiB: 1025 }] },
      /^sidecars must be given at most 1024 MiB/,
    ],
    [
      "a sidecar on the ingester's port",
      { sidecars: [{ ...sidecar, ports: [8080] }] },
      /^sidecars must be on ports of their own, got 8080/,
    ],
    ["a sidecar on no port", { sidecars: [{ ...sidecar, ports: [0] }] }, /^sidecars.0.ports.0 must be/],
    [
      "a sidecar of the ingester's name",
      { sidecars: [{ ...sidecar, name: "ingester" }] },
      /^sidecars must be named differently/,
    ],
  ];
  it.each(refused)("is refused with %s", (_case, changes, message) => {
    expect(workerProblems(worker(changes)).map(({ path, text }) => `${path} ${text}`)).toEqual([
      expect.stringMatching(message),
    ]);
  });
});
