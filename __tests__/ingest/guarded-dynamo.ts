/** DynamoDB that checks who calls, and when: dynalite takes every key. */
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type LocalDynamo, startDynamo } from "../../ingester/test/store/helpers/dynamo";
import { Access } from "../../local/firehose/access";
import { AwsError } from "../../local/firehose/aws-error";
import type { Environment } from "./world";

const TABLE = "ledgers";

export class GuardedDynamo {
  readonly access = new Access("dynamodb");
  private readonly server = createServer(async (incoming, answer) => {
    const body = await buffer(incoming);
    answer.setHeader("date", new Date(this.access.now()).toUTCString());
    try {
      this.access.check(incoming, String(incoming.headers["x-amz-target"]).split(".")[1] ?? "");
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return answer.writeHead(error.status).end(JSON.stringify(error.toBody()));
    }
    const { method, headers } = incoming;
    const onward = request(String(this.dynamo.client.endpoint), { method, headers });
    onward.end(body);
    const [response] = await once(onward, "response");
    return response.pipe(
      answer.writeHead(response.statusCode, { "content-type": "application/x-amz-json-1.0" }),
    );
  });

  private constructor(private readonly dynamo: LocalDynamo) {}

  static async start(): Promise<GuardedDynamo> {
    const dynamo = await startDynamo();
    await dynamo.createTable(TABLE);
    const guarded = new GuardedDynamo(dynamo);
    guarded.server.listen(0, "127.0.0.1");
    await once(guarded.server, "listening");
    return guarded;
  }

  get environment(): Environment {
    const { port } = this.server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    return { CHECKPOINT_FILE: undefined, CHECKPOINT_TABLE: TABLE, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.dynamo.close();
  }
}
