import type { ServerResponse } from "node:http";
import { FaultPlan } from "../../support/fault-plan";
import type { RequestFault } from "../faults/request-fault";
import type { Ledger } from "../ledger";
import type { XSimulatorOptions } from "../options";
import { writeIncludes } from "../posts/includes";
import type { PostGenerator } from "../posts/post-generator";
import { Selections } from "../posts/selections";
import type { Matching } from "../query/matching";
import type { FieldRequest } from "../requests/field-request";
import type { Timeline } from "../timeline";
import { noRules, tooManyConnections } from "./connection-problems";
import { Connections } from "./connections";
import { type InStreamFault, isInStream, type StreamFault } from "./fault-kinds";
import { LiveStream, type StreamRecord } from "./live-stream";
import { Publisher } from "./publisher";
import { type Rule, RuleBook } from "./rules";
import { Wire } from "./wire";

/** What the stream needs. */
export interface FilteredStreamProps {
  readonly options: Required<XSimulatorOptions>;
  readonly timeline: Timeline;
  readonly generator: PostGenerator;
  readonly matching: Matching;
  readonly ledger: Ledger;
  /** True when the project has used up its posts. */
  readonly isCapReached: () => boolean;
}

/** A client that has been let in: what it asked for and how it can be written to. */
export interface Listener {
  /** What each record holds. */
  readonly stream: FieldRequest;
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  /** The client's `accept-encoding`. */
  readonly acceptEncoding: string;
  readonly fault: RequestFault | undefined;
}

/** `GET /2/tweets/search/stream`: sends posts that match a rule to every open connection, and bills them as it does. */
export class FilteredStream {
  readonly faults = new FaultPlan<StreamFault>();
  readonly rules: RuleBook;
  readonly connections: Connections;
  private readonly publisher: Publisher;
  private readonly selections = new Selections();
  private readonly live = new Set<LiveStream>();

  constructor(private readonly props: FilteredStreamProps) {
    const { options, timeline, matching } = props;
    const { clock, seed, deliveryDelay: delay } = options;
    this.rules = new RuleBook({ clock, matching, ruleLagMs: options.ruleLagMs });
    this.connections = new Connections(clock, options.maxConnections);
    this.publisher = new Publisher({ timeline, clock, seed, delay, publish: (index) => this.publish(index) });
  }

  /** How many streams are open; ghosts are not. */
  get liveCount(): number {
    return this.live.size;
  }

  /** @throws XProblem (409 or 429) when no stream can be opened now */
  admit(fault: RequestFault | undefined): void {
    if (fault?.kind === "no-rules" || this.rules.list().length === 0) throw noRules();
    if (fault?.kind === "too-many-connections") throw tooManyConnections();
    this.connections.checkRoom();
  }

  /** Begins to send. */
  open({ stream: request, response, headers, acceptEncoding, fault }: Listener): void {
    const { clock, heartbeatMs, maxBufferedBytes, ghostMs } = this.props.options;
    const asked = /\bgzip\b/.test(acceptEncoding) ? "gzip" : undefined;
    const encoding = fault?.kind === "compressed" ? fault.encoding : asked;
    const wire = new Wire(response, clock, encoding);
    response.writeHead(200, {
      "content-type": "application/json; charset=utf-8",
      ...headers,
      ...(encoding ? { "content-encoding": encoding } : {}),
    });
    response.flushHeaders();
    const connection = this.connections.open(response.socket?.remoteAddress ?? "", () =>
      stream.end("terminated"),
    );
    const stream = new LiveStream(
      {
        request,
        wire,
        clock,
        heartbeatMs,
        maxBufferedBytes,
        changeRules: (change) => this.changeRules(change),
        onOver: (reason, lingerMs) => {
          connection.over(reason, lingerMs);
          this.live.delete(stream);
          if (this.live.size === 0) this.publisher.stop();
        },
      },
      ghostMs,
    );
    response.on("close", () => stream.gone());
    this.live.add(stream);
    if (isInStream(fault)) stream.inject(fault);
    if (this.live.size > 0) this.publisher.start();
  }

  /** Lets something go wrong with every stream that is open. */
  inject(fault: InStreamFault): void {
    for (const stream of this.live) stream.inject(fault);
  }

  /** Ends every open stream. */
  close(): void {
    for (const stream of this.live) stream.end("server closed");
  }

  private publish(index: number): void {
    const rules = this.rules.matching(index, this.props.options.clock.now());
    if (rules.length === 0) return;
    for (const stream of [...this.live]) {
      if (this.props.isCapReached()) stream.end("usage cap reached");
      else stream.send(this.record(index, rules, stream.request));
    }
  }

  private record(index: number, rules: readonly Rule[], request: FieldRequest): StreamRecord {
    const { generator, ledger, options } = this.props;
    const selection = this.selections.of(request);
    const includes = writeIncludes(generator, [index], { ...request, selection });
    const matching = JSON.stringify(
      rules.map(({ id, tag }) => ({ id, ...(tag === undefined ? {} : { tag }) })),
    );
    return {
      json: `{"data":${generator.write(index, selection)}${includes.json},"matching_rules":${matching}}`,
      bill: (cut) =>
        ledger.bill(
          {
            source: "stream",
            posts: [index],
            maxResults: 0,
            includedPosts: includes.posts,
            includedUsers: includes.users,
            cut,
          },
          options.clock.now(),
        ),
    };
  }

  private changeRules({ add = [], delete: which }: Extract<InStreamFault, { kind: "rules-changed" }>): void {
    if (which) this.rules.delete(which);
    this.rules.add(add);
  }
}
