import { classify } from "../../src/firehose/classify";

/** Errors as SDK 3.1168 throws them: AWS's answers carry a status, the system's errors a code. */
const answer = (name: string, httpStatusCode: number) =>
  Object.assign(new Error("the message"), { name, $metadata: { httpStatusCode } });
const system = (code: string, message = "the message") => Object.assign(new Error(message), { code });

describe("classify", () => {
  it.each([
    ["throttled", answer("ServiceUnavailableException", 503), "ServiceUnavailableException"],
    ["throttled", answer("ThrottlingException", 400), "ThrottlingException"],
    ["throttled", answer("Unknown", 429), "HTTP 429"],
    ["transient", answer("InternalFailure", 500), "InternalFailure"],
    ["transient", answer("SyntaxError", 502), "HTTP 502"],
    ["transient", system("ECONNRESET"), "ECONNRESET"],
    ["transient", system("ETIMEDOUT"), "ETIMEDOUT"],
    ["transient", answer("SomethingNewException", 400), "SomethingNewException"],
    ["unreachable", system("ECONNREFUSED"), "ECONNREFUSED"],
    ["unreachable", system("ENOTFOUND"), "ENOTFOUND"],
    ["unreachable", system("EPROTO"), "EPROTO"],
    ["unreachable", answer("SyntaxError", 200), "HTTP 200"],
    ["unreachable", answer("Unknown", 404), "HTTP 404"],
    ["refused", answer("AccessDeniedException", 400), "AccessDeniedException"],
    ["refused", answer("UnrecognizedClientException", 403), "UnrecognizedClientException"],
    ["refused", answer("ExpiredTokenException", 400), "ExpiredTokenException"],
    ["refused", answer("SomethingNewException", 403), "SomethingNewException"],
    [
      "refused",
      Object.assign(new Error("none"), { name: "CredentialsProviderError" }),
      "CredentialsProviderError",
    ],
    ["refused", new Error("Region is missing"), "RegionMissing"],
    ["unknown_stream", answer("ResourceNotFoundException", 400), "ResourceNotFoundException"],
    ["invalid", answer("InvalidArgumentException", 400), "InvalidArgumentException"],
    ["invalid", answer("SyntaxError", 413), "HTTP 413"],
    ["invalid", answer("UnknownOperationException", 400), "UnknownOperationException"],
    ["transient", "not even an error", "Unknown"],
    ["transient", answer("constructor", 400), "constructor"],
  ])("calls it %s: %s", (kind, error, code) => {
    expect(classify(error)).toMatchObject({ kind, code });
  });

  it("knows the time-out that precedes every byte", () => {
    const error = Object.assign(new Error("the socket did not establish a connection with the server"), {
      name: "TimeoutError",
    });
    expect(classify(error)).toMatchObject({ kind: "unreachable", code: "TimeoutError" });
  });

  it("keeps the first line of a message alone, since the others can quote the signed request", () => {
    const error = Object.assign(new Error("The signature does not match.\n\nx-amz-security-token:SECRET"), {
      name: "SignatureDoesNotMatch",
    });
    expect(classify(error).message).toBe("The signature does not match");
    expect(classify(new Error("m".repeat(5_000))).message).toHaveLength(300);
  });
});
