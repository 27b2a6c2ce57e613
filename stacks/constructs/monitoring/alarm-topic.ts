import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { globalArn, type LocatedProps, regionalArn } from "../aws/aws-location";
import { checkAtSynth, fieldProblems } from "../checks/check";
import { literalText } from "../terraform/literal-text";

/** https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services */
const ENCRYPT_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey*"];

export interface AlarmTopicProps extends LocatedProps {
  /** 1 to 256 letters, digits, hyphens and underscores; unique in account and region. */
  readonly topicName: string;
  /** Name pattern of the alarms that may publish, with `*`. No other alarm of the account and no other service may. */
  readonly alarmNamePattern: string;
  /**
   * SNS sends a mail with a link to confirm the subscription; before that, no notification is sent.
   * @default - no subscription
   */
  readonly email?: string | undefined;
  /**
   * Its policy must let cloudwatch.amazonaws.com decrypt and generate data keys.
   * @default - a key of the topic's own ($1 a month): CloudWatch may not use the one that AWS manages for SNS
   */
  readonly kmsKeyArn?: string | undefined;
}

/** An encrypted topic that only this stack's alarms can publish to. */
export class AlarmTopic extends Construct {
  /** ARN built from the name: known in the first plan. */
  readonly topicArn: string;
  private readonly alarmArns: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmTopicProps,
  ) {
    super(scope, id);
    const { location, topicName, email } = props;
    const rows = { topicName: "topicName", email: "alarmEmail", kmsKeyArn: "kmsKeyArn" } as const;
    checkAtSynth(this, fieldProblems<AlarmTopicProps>(rows, props));
    this.alarmArns = regionalArn(location, "cloudwatch", `alarm:${props.alarmNamePattern}`);
    const topic = new SnsTopic(this, "Default", {
      name: topicName,
      kmsMasterKeyId: props.kmsKeyArn ?? this.ownKey().arn,
    });
    this.topicArn = regionalArn(location, "sns", topicName);
    this.letAlarmsPublish(topic);
    if (email) {
      new SnsTopicSubscription(this, "email", {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: literalText(email),
      });
    }
  }

  private letAlarmsPublish(topic: SnsTopic): void {
    const document = new DataAwsIamPolicyDocument(this, "policy_document", {
      statement: [
        { sid: "TellAlarms", actions: ["sns:Publish"], resources: [this.topicArn], ...this.onlyAlarms() },
        {
          sid: "DenyPlainHttp",
          effect: "Deny",
          actions: ["sns:Publish"],
          resources: [this.topicArn],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    new SnsTopicPolicy(this, "policy", { arn: topic.arn, policy: document.json });
  }

  private ownKey(): KmsKey {
    const { location, topicName } = this.props;
    const account = { type: "AWS", identifiers: [globalArn(location, "iam", "root")] };
    const document = new DataAwsIamPolicyDocument(this, "key_policy_document", {
      statement: [
        // In a key's policy `*` means this key. Without this statement, no principal could change or delete the key.
        { sid: "OwnKey", actions: ["kms:*"], resources: ["*"], principals: [account] },
        { sid: "EncryptAlarms", actions: ENCRYPT_ACTIONS, resources: ["*"], ...this.onlyAlarms() },
      ],
    });
    return new KmsKey(this, "key", {
      description: `Encrypts what alarms say on ${topicName}`,
      policy: document.json,
      enableKeyRotation: true,
      // Messages are encrypted with this key only until they are delivered.
      deletionWindowInDays: 7,
    });
  }

  private onlyAlarms() {
    return {
      principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
      condition: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: [this.props.location.accountId] },
        { test: "ArnLike", variable: "aws:SourceArn", values: [this.alarmArns] },
      ],
    };
  }
}
