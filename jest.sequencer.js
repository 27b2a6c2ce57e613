const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Files that take longest, the longest first: the run would end with one of them alone. jest knows by itself what took
 * long in an earlier run, but a fresh clone has had none, and then it takes large files for slow ones.
 */
const LONGEST = [
  "__tests__/terraform/plans.test.ts",
  "__tests__/examples/examples.test.ts",
  "__tests__/ingest/answers.test.ts",
  "__tests__/terraform/applied.test.ts",
  "__tests__/ingest/ingest.test.ts",
  "__tests__/ingest/endings.test.ts",
  "__tests__/ingest/credentials.test.ts",
  "__tests__/review/pipeline.test.ts",
  "ingester/test/stream/live.test.ts",
];

module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONGEST.findIndex((file) => path.endsWith(`/${file}`));
      return index === -1 ? LONGEST.length : index;
    };
    return super.sort(tests).sort((left, right) => rank(left) - rank(right));
  }
};
