import { awsFailureOf, isBroken, isNotReached } from "../../src/runtime/failures";

/** Errors as SDK 3.1168 throws them: AWS's answers carry a status, the system's errors a code. */
const answer = (name: string, httpStatusCode = 400) =>
  Object.assign(new Error("the message"), { name, $metadata: { httpStatusCode } });
const system = (code: string) => Object.assign(new Error("the message"), { code });
const local = (name: string, message = "the message") => Object.assign(new Error(message), { name });

describe("awsFailureOf", () => {
  it.each([
    ["throttled", answer("ServiceUnavailableException", 503), "ServiceUnavailableException"],
    ["throttled", answer("ThrottlingException"), "ThrottlingException"],
    ["throttled", answer("Unknown", 429), "HTTP 429"],
    ["transient", answer("InternalFailure", 500), "InternalFailure"],
    ["transient", answer("InternalServerError", 500), "InternalServerError"],
    ["transient", answer("SyntaxError", 502), "HTTP 502"],
    ["transient", system("ECONNRESET"), "ECONNRESET"],
    ["transient", system("EPIPE"), "EPIPE"],
    ["transient", system("ETIMEDOUT"), "ETIMEDOUT"],
    ["transient", local("TimeoutError", "Connection timed out after 1000 ms"), "TimeoutError"],
    ["transient", answer("SomethingNewException"), "SomethingNewException"],
    ["unreachable", system("ECONNREFUSED"), "ECONNREFUSED"],
    ["unreachable", system("ENOTFOUND"), "ENOTFOUND"],
    ["unreachable", system("EPROTO"), "EPROTO"],
    ["unreachable", answer("SyntaxError", 200), "HTTP 200"],
    ["unreachable", answer("Unknown", 404), "HTTP 404"],
    ["refused", answer("AccessDeniedException"), "AccessDeniedException"],
    ["refused", answer("SomethingNewException", 403), "SomethingNewException"],
    ["refused", answer("Unknown", 401), "HTTP 401"],
    ["refused", local("CredentialsProviderError"), "CredentialsProviderError"],
    ["stale_credentials", answer("ExpiredTokenException"), "ExpiredTokenException"],
    ["stale_credentials", answer("UnrecognizedClientException", 403), "UnrecognizedClientException"],
    ["missing", answer("ResourceNotFoundException"), "ResourceNotFoundException"],
    ["invalid", answer("InvalidArgumentException"), "InvalidArgumentException"],
    ["misdirected", answer("UnknownOperationException"), "UnknownOperationException"],
    ["unreachable", answer("SyntaxError", 403), "HTTP 403"],
    ["unreachable", answer("SyntaxError", 407), "HTTP 407"],
    ["unreachable", answer("Unknown", 302), "HTTP 302"],
    ["unreachable", answer("Unknown", 400), "HTTP 400"],
    ["transient", answer("Unknown", 408), "HTTP 408"],
    ["invalid", answer("SyntaxError", 413), "HTTP 413"],
    ["conflict", answer("ConditionalCheckFailedException"), "ConditionalCheckFailedException"],
    ["transient", "not even an error", "Unknown"],
    ["transient", undefined, "Unknown"],
    ["transient", answer("constructor"), "constructor"],
  ])("calls it %s: %s", (kind, error, code) => {
    expect(awsFailureOf(error)).toMatchObject({ kind, code });
  });

  it.each(["Region is missing", 'Region not accepted: region="eu west" is not a valid hostname component.'])(
    "knows a missing or wrong region by the SDK's message: %s",
    (message) => {
      expect(awsFailureOf(new Error(message))).toMatchObject({ kind: "no_region" });
    },
  );

  it.each([
    ["skewed_clock", "Signature expired: 20190609T232013Z is now earlier than 20190609T232031Z"],
    ["skewed_clock", "Signature not yet current: 20190609T232013Z is still later than 20190609T222031Z"],
    ["misdirected", "Credential should be scoped to a valid region."],
    ["misdirected", "Credential should be scoped to correct service: 'kinesis'."],
    ["refused", "The request signature we calculated does not match the signature you provided."],
  ])("distinguishes refused signatures by their message: %s, %s", (kind, message) => {
    for (const name of ["InvalidSignatureException", "SignatureDoesNotMatch"]) {
      expect(awsFailureOf(Object.assign(answer(name, 403), { message }))).toMatchObject({ kind, code: name });
    }
  });

  it.each(["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"])(
    "knows a wrong clock: %s",
    (name) => {
      expect(awsFailureOf(answer(name, 403))).toMatchObject({ kind: "skewed_clock" });
    },
  );

  it("says of a foreign answer what it is, not where its parsing ended", () => {
    const page = Object.assign(answer("SyntaxError", 200), { message: "Unexpected token '<'" });
    expect(awsFailureOf(page).message).toBe("the answer is not in AWS's format");
    expect(awsFailureOf(Object.assign(answer("Unknown"), { message: "UnknownError" })).message).toBe(
      "no message",
    );
  });

  it("knows the time-out that precedes every byte", () => {
    const error = local("TimeoutError", "the socket did not establish a connection with the server");
    expect(awsFailureOf(error)).toMatchObject({ kind: "unreachable", code: "TimeoutError" });
  });

  it("goes by AWS's code before the status", () => {
    expect(awsFailureOf(answer("AccessDeniedException", 500))).toMatchObject({ kind: "refused" });
    expect(awsFailureOf(answer("ProvisionedThroughputExceededException", 403))).toMatchObject({
      kind: "throttled",
    });
  });

  it("keeps the first line of a message alone, since the others can quote the signed request", () => {
    const error = local(
      "SignatureDoesNotMatch",
      "The signature does not match.\n\nx-amz-security-token:SECRET",
    );
    expect(awsFailureOf(error).message).toBe("The signature does not match");
    expect(awsFailureOf(new Error("m".repeat(5_000))).message).toHaveLength(300);
  });
});

describe("codes of DynamoDB", () => {
  it.each([
    "AccessDeniedException",
    "CredentialsProviderError",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "TokenProviderError",
  ])("name a refusal: %s", (code) => {
    expect(awsFailureOf(answer(code))).toMatchObject({ kind: "refused", code });
  });

  it.each(["ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"])(
    "name credentials that new ones can replace: %s",
    (code) => {
      expect(awsFailureOf(answer(code))).toMatchObject({ kind: "stale_credentials", code });
    },
  );

  it.each([
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
  ])("name what is worth trying again later: %s", (code) => {
    expect(awsFailureOf(answer(code))).toMatchObject({ kind: "throttled", code });
  });

  it.each([
    ["ResourceNotFoundException", "missing"],
    ["ValidationException", "invalid"],
    ["ConditionalCheckFailedException", "conflict"],
  ])("name what the table does not take: %s", (code, kind) => {
    expect(awsFailureOf(answer(code))).toMatchObject({ kind, code });
  });

  it.each(["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"])(
    "stay apart from addresses where nothing answers: %s",
    (code) => {
      expect(awsFailureOf(system(code))).toMatchObject({ kind: "unreachable", code });
    },
  );
});

describe("the system's codes", () => {
  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT"])(
    "tell a request that never arrived: %s",
    (code) => {
      expect([isNotReached(code), isBroken(code)]).toEqual([true, false]);
    },
  );

  it.each(["ECONNRESET", "EPIPE", "ETIMEDOUT"])("tell one that may have been carried out: %s", (code) => {
    expect([isNotReached(code), isBroken(code)]).toEqual([false, true]);
  });

  it("tell nothing of other failures", () => {
    expect([isNotReached("ENOSPC"), isBroken("ENOSPC")]).toEqual([false, false]);
    expect([isNotReached(""), isBroken("")]).toEqual([false, false]);
  });
});
