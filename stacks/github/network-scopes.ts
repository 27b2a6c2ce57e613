import type { PolicyCondition } from "../constructs/aws/policy";
import type { EnvironmentConfig } from "../environment/environment";
import type { Scope } from "./scope";

/** Permissions for resources without names, which are limited by region or by the tags that every stack sets. */
export function networkScopes(config: EnvironmentConfig): Scope[] {
  const region = equals("aws:RequestedRegion", config.region);
  return [
    {
      sid: "Region",
      resources: ["*"],
      read: [
        ...["cloudwatch:DescribeAlarms", "ec2:Describe*", "ecs:DescribeTaskDefinition"],
        "logs:DescribeLogGroups",
      ],
      write: [...NETWORK_CHANGES, "ecs:DeregisterTaskDefinition"],
      conditions: [region],
    },
    {
      sid: "NewKeys",
      resources: ["*"],
      read: [],
      // Default tags are set when the key is created: it has none before, so that the statement on keys cannot apply.
      write: ["kms:CreateKey", "kms:TagResource"],
      conditions: [
        region,
        ...tags("aws:RequestTag", config),
        { test: "Null", variable: "aws:ResourceTag/app", values: ["true"] },
      ],
    },
    {
      sid: "Keys",
      resources: ["*"],
      read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      write: [
        ...[
          "kms:EnableKeyRotation",
          "kms:PutKeyPolicy",
          "kms:ScheduleKeyDeletion",
          "kms:UpdateKeyDescription",
        ],
        ...["kms:TagResource", "kms:UntagResource"],
      ],
      conditions: [region, ...tags("aws:ResourceTag", config)],
    },
    ...ownKeyScopes(config),
  ];
}

const NETWORK_CHANGES = [
  ...["ec2:CreateVpc", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute"],
  ...["ec2:CreateSubnet", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute"],
  ...[
    "ec2:CreateRouteTable",
    "ec2:DeleteRouteTable",
    "ec2:AssociateRouteTable",
    "ec2:DisassociateRouteTable",
  ],
  ...["ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"],
  ...["ec2:CreateInternetGateway", "ec2:DeleteInternetGateway"],
  ...["ec2:AttachInternetGateway", "ec2:DetachInternetGateway"],
  ...["ec2:AllocateAddress", "ec2:ReleaseAddress", "ec2:DisassociateAddress"],
  ...["ec2:CreateNatGateway", "ec2:DeleteNatGateway"],
  ...["ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup", "ec2:ModifySecurityGroupRules"],
  ...["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
  ...["ec2:AuthorizeSecurityGroupEgress", "ec2:RevokeSecurityGroupEgress"],
  ...["ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint", "ec2:DeleteVpcEndpoints"],
  ...["ec2:CreateFlowLogs", "ec2:DeleteFlowLogs", "ec2:CreateTags", "ec2:DeleteTags"],
];

/** Services need a grant on a customer-managed key when a resource is encrypted with it. */
function ownKeyScopes({ kmsKeyArn, region }: EnvironmentConfig): Scope[] {
  if (!kmsKeyArn) return [];
  // These two encrypt variables and a target's input with the caller's permissions.
  const services = ["lambda", "scheduler"].map((service) => `${service}.${region}.amazonaws.com`);
  return [
    {
      sid: "OwnKey",
      resources: [kmsKeyArn],
      read: ["kms:DescribeKey"],
      write: ["kms:CreateGrant", "kms:RetireGrant"],
    },
    {
      sid: "KeyUse",
      resources: [kmsKeyArn],
      read: [],
      write: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      conditions: [{ test: "StringEquals", variable: "kms:ViaService", values: services }],
    },
  ];
}

function tags(variable: string, { app, environment }: EnvironmentConfig): PolicyCondition[] {
  return [equals(`${variable}/app`, app), equals(`${variable}/environment`, environment)];
}

function equals(variable: string, value: string): PolicyCondition {
  return { test: "StringEquals", variable, values: [value] };
}
