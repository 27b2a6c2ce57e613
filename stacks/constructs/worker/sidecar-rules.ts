import { Token } from "cdktf";
import {
  boundProblems,
  type FieldBounds,
  fieldProblems,
  isSound,
  itemProblems,
  type Problem,
  problem,
  repeated,
  under,
} from "../checks/check";
import { type CheckedWorker, WORKER_CONTAINER } from "./props";
import type { SidecarProps } from "./sidecar";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: ten containers, one is the ingester. */
const MAX_SIDECARS = 9;
const SHARED = "Containers of a task share its size and its network.";

const FIELDS: FieldBounds<SidecarProps> = {
  name: "sidecarName",
  image: "sidecarImage",
  cpu: "sidecarCpu",
  memoryMiB: "sidecarMemoryMiB",
  user: "sidecarUser",
};

/** Checks each sidecar, then what all containers of a task share. */
export function sidecarsProblems(props: CheckedWorker): Problem[] {
  const { sidecars = [] } = props;
  return [
    ...sidecars.flatMap((sidecar, index) => under(`sidecars.${index}`, sidecarProblems(sidecar))),
    ...(sidecars.length > MAX_SIDECARS
      ? [
          problem("sidecars", {
            allowed: `at most ${MAX_SIDECARS}`,
            got: sidecars.length,
            fix: "Leave some out.",
          }),
        ]
      : []),
    ...sumProblems(props, { field: "cpu", unit: "CPU units", most: props.cpu }),
    ...sumProblems(props, { field: "memoryMiB", unit: "MiB", most: props.memoryMiB }),
    ...portProblems(props),
    ...nameProblems(props),
  ];
}

function sidecarProblems(sidecar: SidecarProps): Problem[] {
  const names = Object.keys(sidecar.environment ?? {});
  return [
    ...fieldProblems(FIELDS, sidecar),
    ...itemProblems("sidecarPort", "ports", sidecar.ports),
    ...names.flatMap((name) => boundProblems("variableName", `environment.${name}`, name)),
  ];
}

interface Shared {
  readonly field: "cpu" | "memoryMiB";
  readonly unit: string;
  /** The task's. */
  readonly most: number | undefined;
}

/** A container may not exceed what it reserves, and all of them may not reserve more than the task has. */
function sumProblems({ sidecars = [] }: CheckedWorker, { field, unit, most }: Shared): Problem[] {
  const reserved = sidecars.map((sidecar) => sidecar[field] ?? 0);
  if (most === undefined || [most, ...reserved].some((each) => Token.isUnresolved(each))) return [];
  const got = reserved.reduce((sum, each) => sum + each, 0);
  if (got <= most) return [];
  return [
    problem("sidecars", { allowed: `given at most ${most} ${unit} in all, the task's`, got, fix: SHARED }),
  ];
}

function portProblems({ httpPort, sidecars = [] }: CheckedWorker): Problem[] {
  const own = isSound("httpPort", httpPort) && httpPort !== 0 ? [httpPort] : [];
  const ports = [...own, ...sidecars.flatMap((sidecar) => sidecar.ports ?? [])];
  return repeated(ports).map((got) =>
    problem("sidecars", { allowed: "on ports of their own", got, fix: SHARED }),
  );
}

function nameProblems({ sidecars = [] }: CheckedWorker): Problem[] {
  const names = [WORKER_CONTAINER, ...sidecars.map(({ name }) => name)];
  return repeated(names).map((got) =>
    problem("sidecars", { allowed: "named differently", got, fix: "Rename one." }),
  );
}
