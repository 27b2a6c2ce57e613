import { type Attributes, containersOf, synthesizeAll, synthesizeVariants } from "../helpers/synth";

/** One resource with its address, as a reviewer would name it. */
interface Resource {
  readonly address: string;
  readonly type: string;
  readonly attributes: Attributes;
}

const stacks = [...synthesizeAll(), ...synthesizeVariants()];
const resources: Resource[] = stacks.flatMap((stack) =>
  Object.entries(stack.document.resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, attributes]) => ({
      address: `${stack.stackName} ${type}.${id}`,
      type,
      attributes,
    })),
  ),
);

function ofType(pattern: RegExp): Resource[] {
  const found = resources.filter(({ type }) => pattern.test(type));
  if (found.length === 0) throw new Error(`Nothing is of type ${pattern}.`);
  return found;
}

/**
 * Settings that AWS does not report back when they are its defaults, or reports back unasked:
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/kinesis_firehose_delivery_stream
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
const PROCESSOR_DEFAULTS: Readonly<Record<string, string>> = {
  NumberOfRetries: "3",
  BufferSizeInMBs: "1",
  BufferIntervalInSeconds: "60",
};
const CONTAINER_DEFAULTS: Readonly<Record<string, unknown>> = {
  cpu: 0,
  interactive: false,
  privileged: false,
  pseudoTerminal: false,
  disableNetworking: false,
};

describe("no plan shows a difference that is none", () => {
  it("sets no tag beside the provider's but the name", () => {
    const keys = resources.flatMap(({ attributes }) => Object.keys((attributes.tags as object) ?? {}));
    expect(new Set(keys)).toEqual(new Set(["Name"]));
    expect(resources.filter(({ attributes }) => "tags_all" in attributes)).toEqual([]);
  });

  it("keeps each rule of a security group in a resource of its own", () => {
    const inline = ofType(/^aws_(default_)?security_group$/).filter(
      ({ attributes }) => "ingress" in attributes || "egress" in attributes,
    );
    const old = resources.filter(({ type }) => type === "aws_security_group_rule");
    expect([...inline, ...old]).toEqual([]);
    const sources = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
    for (const { attributes } of ofType(/^aws_vpc_security_group_(in|e)gress_rule$/)) {
      expect(sources.filter((name) => name in attributes)).toHaveLength(1);
    }
  });

  it("keeps each route in a resource of its own", () => {
    expect(ofType(/^aws_route_table$/).filter(({ attributes }) => "route" in attributes)).toEqual([]);
  });

  it("keeps each policy of a role in a resource of its own", () => {
    const inline = ofType(/^aws_iam_role$/).filter(
      ({ attributes }) => "inline_policy" in attributes || "managed_policy_arns" in attributes,
    );
    expect(inline).toEqual([]);
  });

  it("keeps what S3 took out of the bucket's resource out of it", () => {
    const own = new Set(["bucket", "force_destroy", "//", "lifecycle", "depends_on"]);
    for (const { attributes } of ofType(/^aws_s3_bucket$/)) {
      expect(Object.keys(attributes).filter((name) => !own.has(name))).toEqual([]);
    }
  });

  it("sends nothing empty, which AWS would drop", () => {
    const empty = resources.flatMap(({ address, attributes }) => emptyPaths(address, attributes));
    // The block's presence is the choice of a format.
    expect(empty.filter((path) => !/\.\w+_ser_de$/.test(path))).toEqual([]);
  });

  it("sends no processor parameter that is AWS's default", () => {
    const streams = ofType(/^aws_kinesis_firehose_delivery_stream$/);
    const parameters = streams.flatMap(({ attributes }) => parametersIn(attributes));
    expect(parameters).not.toEqual([]);
    const defaults = parameters.filter(
      ({ parameter_name, parameter_value }) =>
        parameter_name === "RoleArn" || PROCESSOR_DEFAULTS[parameter_name] === parameter_value,
    );
    expect(defaults).toEqual([]);
  });

  it("sorts the variables of every container, and leaves out what ECS fills in", () => {
    const containers = stacks
      .filter(({ document }) => "aws_ecs_task_definition" in document.resource)
      .flatMap(containersOf);
    expect(containers.length).toBeGreaterThan(1);
    for (const container of containers) {
      for (const list of [container.environment ?? [], container.secrets ?? []]) {
        const names = list.map(({ name }) => name);
        expect(names).toEqual([...names].sort());
      }
      expect(emptyPaths("container", container)).toEqual([]);
      const filledIn = Object.entries(CONTAINER_DEFAULTS).filter(
        ([name, value]) => container[name] === value,
      );
      expect(filledIn).toEqual([]);
    }
  });
});

/** Where a null, an empty list or an empty block stands. An empty string may mean something. */
function emptyPaths(path: string, value: unknown): string[] {
  if (value === null) return [path];
  if (typeof value !== "object") return [];
  const members = Object.entries(value);
  if (members.length === 0) return [path];
  return members.flatMap(([name, member]) => emptyPaths(`${path}.${name}`, member));
}

interface ProcessorParameter {
  readonly parameter_name: string;
  readonly parameter_value: string;
}

function parametersIn(value: unknown): ProcessorParameter[] {
  if (typeof value !== "object" || value === null) return [];
  if ("parameter_name" in value) return [value as ProcessorParameter];
  return Object.values(value).flatMap(parametersIn);
}
