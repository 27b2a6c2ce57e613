# A stream with its bucket, and a policy that lets a producer of your own put records on it.

module "cats" {
  source = "../.."

  account_id  = "111111111111"
  region      = "eu-west-1"
  name        = "cats"
  bucket_name = "example-cats-111111111111"
  stream_name = "cats"
}

data "aws_iam_policy_document" "producer" {
  statement {
    sid       = "PutRecords"
    actions   = ["firehose:PutRecord", "firehose:PutRecordBatch"]
    resources = [module.cats.stream_arn]
  }
}

output "producer_policy" {
  description = "For the producer's role."
  value       = data.aws_iam_policy_document.producer.json
}
