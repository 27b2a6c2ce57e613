import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of ECR's: its body, or the error's name and words. */
export type EcrAnswer = object | { readonly __type: string; readonly message: string };

export interface FakeEcr {
  readonly url: string;
  /** Names of the operations called. */
  readonly operations: readonly string[];
  close(): void;
}

/** Amazon ECR's JSON protocol with prepared answers by operation. */
export async function fakeEcr(answers: Readonly<Record<string, EcrAnswer>>): Promise<FakeEcr> {
  const operations: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    operations.push(operation);
    const answer = answers[operation] ?? { __type: "UnexpectedOperation", message: operation };
    request.resume().on("end", () => {
      response.writeHead("__type" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
