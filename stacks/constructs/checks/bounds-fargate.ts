import { AWS_DOCS, oneOf, wholeFrom } from "./bound";

const ECS_API = `${AWS_DOCS}/AmazonECS/latest/APIReference`;
const ECS_GUIDE = `${AWS_DOCS}/AmazonECS/latest/developerguide`;

/** Tasks on Fargate, and what starts them. */
export const fargateBounds = {
  taskCpu: oneOf([256, 512, 1024, 2048, 4096, 8192, 16384], {
    fix: "Fargate sells these sizes only, in CPU units (1024 = one vCPU).",
    source: `${ECS_GUIDE}/fargate-tasks-services.html#fargate-tasks-size`,
  }),
  cpuArchitecture: oneOf(["ARM64", "X86_64"], {
    fix: "Build the image for the same one.",
    source: `${ECS_API}/API_RuntimePlatform.html`,
  }),
  capacity: oneOf(["FARGATE", "FARGATE_SPOT"], {
    fix: "Spot costs less and may be stopped with two minutes' notice.",
    source: `${ECS_GUIDE}/fargate-capacity-providers.html`,
  }),
  containerInsights: oneOf(["enabled", "enhanced", "disabled"], {
    fix: "AWS accepts other words and collects nothing.",
    source: `${ECS_API}/API_ClusterSetting.html`,
  }),
  httpPort: wholeFrom(0, 65535, {
    fix: "0 turns health checks, metrics and the status page off.",
    source: `${ECS_API}/API_PortMapping.html`,
  }),
  sidecarPort: wholeFrom(1, 65535, {
    fix: "Host and container port are the same on Fargate.",
    source: `${ECS_API}/API_PortMapping.html`,
  }),
  desiredCount: wholeFrom(0, 5000, {
    unit: "tasks",
    fix: "0 pauses the service; one ingester is enough, since a lease lets only one read.",
    source: `${ECS_GUIDE}/service-quotas.html`,
  }),
  ephemeralStorageGiB: wholeFrom(21, 200, {
    unit: "GiB",
    fix: "Leave it out for the 20 GiB that every task has.",
    source: `${ECS_API}/API_EphemeralStorage.html`,
  }),
  stopTimeoutSeconds: wholeFrom(2, 120, {
    unit: "seconds",
    fix: "Fargate waits at most 120 seconds between SIGTERM and SIGKILL.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  }),
  healthCheckIntervalSeconds: wholeFrom(5, 300, {
    unit: "seconds",
    fix: "It is the pause between two checks.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  healthCheckTimeoutSeconds: wholeFrom(2, 120, {
    unit: "seconds",
    fix: "A check that takes longer has failed.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  healthCheckRetries: wholeFrom(1, 10, {
    fix: "A task is unhealthy after this many failed checks in a row.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  healthCheckStartSeconds: wholeFrom(0, 300, {
    unit: "seconds",
    fix: "Failed checks do not count while a task starts.",
    source: `${ECS_API}/API_HealthCheck.html`,
  }),
  scheduleExpression: {
    kind: "pattern",
    pattern: "^(rate[(][1-9][0-9]* (minute|minutes|hour|hours|day|days)[)]|cron[(][^ ()]+( [^ ()]+){5}[)])$",
    maxLength: 256,
    allowed: '"rate(15 minutes)" or a cron expression of six fields such as "cron(0 6 * * ? *)"',
    fix: "EventBridge Scheduler starts the task then; a run that is still going makes the next one stop at once.",
    source: `${AWS_DOCS}/scheduler/latest/UserGuide/schedule-types.html`,
  },
} as const;
