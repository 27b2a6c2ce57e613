# terraform init && terraform test: a mocked provider, no account.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  account_id  = "111111111111"
  region      = "eu-west-1"
  name        = "cats"
  bucket_name = "example-cats-111111111111"
  stream_name = "cats"
}

run "own_key_of_another_region" {
  command = plan

  variables {
    kms_key_arn       = "arn:aws:kms:us-east-1:111111111111:key/1234-ab"
    expire_after_days = 0
  }

  expect_failures = [var.kms_key_arn, var.expire_after_days]
}

run "names_are_known_before_anything_exists" {
  command = plan

  assert {
    condition     = output.stream_arn == "arn:aws:firehose:eu-west-1:111111111111:deliverystream/cats" && output.bucket_arn == "arn:aws:s3:::example-cats-111111111111"
    error_message = "ARNs are built from names."
  }
  assert {
    condition     = one(aws_kinesis_firehose_delivery_stream.posts_tweet_stream.server_side_encryption).key_type == "AWS_OWNED_CMK"
    error_message = "Without a key, AWS's own encrypts the stream."
  }
}

run "example_minimal" {
  command = plan
  module {
    source = "./examples/minimal"
  }
}
