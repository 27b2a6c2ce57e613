import type { Problem } from "../constructs/checks/check";
import type { MonitoringConfig } from "./environment";
import { bounded, flag, optional, section, text, withRules } from "./field-checks";

const fields = section<MonitoringConfig>({
  dashboard: optional(flag),
  alarms: optional(flag),
  topicArn: optional(bounded("alarmTopicArn")),
  email: optional(bounded("alarmEmail")),
  runbook: optional(text),
  noPostsMinutes: optional(bounded("noPostsMinutes")),
  lagMinutes: optional(bounded("lagMinutes")),
  lateMinutes: optional(bounded("lateMinutes")),
  notRunningMinutes: optional(bounded("notRunningMinutes")),
});

/** Fields of the monitoring, and the one rule between them. */
export const monitoringFields = withRules(fields, ({ topicArn, email }: MonitoringConfig): Problem[] =>
  topicArn === undefined || email === undefined
    ? []
    : [
        {
          path: "email",
          text: "is for the stack's own topic. Subscribe it to topicArn, or leave topicArn out.",
        },
      ],
);
