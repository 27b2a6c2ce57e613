import { AWS_DOCS, arnOf, nameOf, wholeFrom } from "./bound";

const CLOUDWATCH_API = `${AWS_DOCS}/AmazonCloudWatch/latest/APIReference`;
/** Periods times their length are a day at most, unless periods last an hour or more. */
const PUT_ALARM = `${CLOUDWATCH_API}/API_PutMetricAlarm.html`;

/** Metrics, alarms and notifications. */
export const monitoringBounds = {
  metricsNamespace: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9._/#-]{1,255}$",
    maxLength: 255,
    forbidden: ["^AWS/"],
    allowed: "1 to 255 letters, digits or ._/#-, not beginning with AWS/",
    fix: "CloudWatch keeps namespaces that begin with AWS/ for itself.",
    source: `${CLOUDWATCH_API}/API_MetricDatum.html`,
  },
  checkpointKey: {
    kind: "pattern",
    pattern: "^[!-9;-~]([ -~]{0,198}[!-~])?$",
    maxLength: 200,
    allowed: "1 to 200 printable ASCII characters, no blank first or last and no colon first",
    fix: "It is also the CloudWatch dimension by which alarms and dashboard find the metrics.",
    source: `${CLOUDWATCH_API}/API_Dimension.html`,
  },
  alarmTopicArn: arnOf("sns", "[A-Za-z0-9_-]{1,256}", {
    allowed: "the ARN of a standard SNS topic",
    fix: "Its policy, and its key's, must let cloudwatch.amazonaws.com publish.",
    source: `${AWS_DOCS}/sns/latest/api/API_CreateTopic.html`,
  }),
  topicName: nameOf(256, {
    characters: "A-Za-z0-9_-",
    words: "letters, digits, underscores and hyphens",
    fix: "CloudWatch publishes to standard topics only.",
    source: `${AWS_DOCS}/sns/latest/api/API_CreateTopic.html`,
  }),
  runbook: {
    kind: "pattern",
    pattern: "\\S",
    maxLength: 512,
    allowed: "a path or URL of at most 512 characters",
    fix: "An alarm's description, of at most 1,024 characters, ends with it.",
    source: PUT_ALARM,
  },
  alarmEmail: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$",
    maxLength: 254,
    allowed: "an e-mail address",
    fix: "SNS sends it a link to confirm; until then it receives nothing.",
    source: `${AWS_DOCS}/sns/latest/dg/sns-email-notifications.html`,
  },
  noPostsMinutes: {
    ...wholeFrom(5, 1440, {
      fix: "0 turns this alarm off; CloudWatch looks back one day at most.",
      source: PUT_ALARM,
    }),
    also: [0],
    allowed: "0 or a whole number from 5 to 1440 minutes",
  },
  lagMinutes: {
    ...wholeFrom(5, 1440, {
      fix: "0 turns this alarm off; X's search goes back seven days, so set it far below that.",
      source: "https://docs.x.com/x-api/posts/search/introduction",
    }),
    also: [0],
    allowed: "0 or a whole number from 5 to 1440 minutes",
  },
  disconnectedMinutes: {
    ...wholeFrom(5, 1440, {
      fix: "0 turns this alarm off; CloudWatch looks back one day at most.",
      source: PUT_ALARM,
    }),
    also: [0],
    allowed: "0 or a whole number from 5 to 1440 minutes",
  },
  holeMinutes: {
    ...wholeFrom(5, 1440, {
      fix: "0 turns this alarm off; search fills holes for seven days, so set it far below that.",
      source: "https://docs.x.com/x-api/posts/search/introduction",
    }),
    also: [0],
    allowed: "0 or a whole number from 5 to 1440 minutes",
  },
  lateMinutes: wholeFrom(5, 1440, {
    unit: "minutes",
    fix: "Firehose keeps what it cannot deliver for 24 hours: set it far below that.",
    source: `${AWS_DOCS}/firehose/latest/dev/basic-deliver.html`,
  }),
  notRunningMinutes: wholeFrom(2, 60, {
    unit: "minutes",
    fix: "A deployment stops the old task before it starts the new one, which takes a minute or two.",
    source: PUT_ALARM,
  }),
  notStartedMinutes: {
    ...wholeFrom(10, 10_080, {
      fix: "0 turns this alarm off; CloudWatch looks back seven days at most.",
      source: PUT_ALARM,
    }),
    also: [0],
    allowed: "0 or a whole number from 10 to 10080 minutes",
  },
} as const;
