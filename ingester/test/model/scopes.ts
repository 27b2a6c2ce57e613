/** What is explored: the bounds of the model, the smallest scope first. */
import type { Scope } from "./state";

export const scopes: readonly Scope[] = [
  {
    name: "two processes under a limit, with two queries; one thing fails",
    posts: { cats: [1, 2], dogs: [11, 12] },
    processes: [
      [
        { query: "cats", from: 1, to: 2 },
        { query: "dogs", from: 11, to: 12 },
      ],
      [{ query: "dogs", from: 11, to: 12 }],
    ],
    ...{ starts: [1, 1], pageSize: 2, limit: 3, faults: 1, leases: 1, midnights: 0 },
  },
  {
    name: "one process and its replacements; two things fail",
    posts: { cats: [1, 2, 3] },
    processes: [[{ query: "cats", from: 1, to: 3 }]],
    ...{ starts: [3], pageSize: 2, limit: 5, faults: 2, leases: 2, midnights: 1 },
  },
  {
    name: "two processes collect the same query; one thing fails",
    posts: { cats: [1, 2, 3] },
    processes: [[{ query: "cats", from: 1, to: 3 }], [{ query: "cats", from: 1, to: 3 }]],
    ...{ starts: [2, 1], pageSize: 2, limit: 100, faults: 1, leases: 2, midnights: 0 },
  },
  {
    name: "two processes over midnight; one thing fails",
    posts: { cats: [1, 2] },
    processes: [[{ query: "cats", from: 1, to: 2 }], [{ query: "cats", from: 1, to: 2 }]],
    ...{ starts: [1, 1], pageSize: 2, limit: 6, faults: 1, leases: 1, midnights: 1 },
  },
  {
    name: "a backfill of the newer half beside one of all; two things fail",
    posts: { cats: [1, 2] },
    processes: [[{ query: "cats", from: 2, to: 2 }], [{ query: "cats", from: 1, to: 2 }]],
    ...{ starts: [1, 1], pageSize: 1, limit: 3, faults: 2, leases: 2, midnights: 0 },
  },
];
