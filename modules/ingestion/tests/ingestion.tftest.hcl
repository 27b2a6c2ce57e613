# terraform init && terraform test: a mocked provider, no account.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  account_id         = "111111111111"
  region             = "eu-west-1"
  name               = "cats"
  bucket_name        = "example-cats-111111111111"
  stream_name        = "cats"
  search_query       = "cats lang:en"
  monthly_post_limit = 1000
  image              = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn     = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn   = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0"]
  alarm_topic_arn    = "arn:aws:sns:eu-west-1:111111111111:on-call"
}

run "service" {
  command = plan

  assert {
    condition     = length(aws_ecs_service.ingestion_ingester_service) == 1 && length(aws_scheduler_schedule.ingestion_ingester_schedule) == 0
    error_message = "Without an expression there is a service, and no schedule."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.ingestion_alarms_task_not_running) == 1 && length(aws_cloudwatch_metric_alarm.ingestion_alarms_not_started) == 0
    error_message = "A service has the alarm of a service."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.ingestion_alarms_no_posts.evaluation_periods == 24
    error_message = "A service may deliver nothing for two hours."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.ingestion_posts_tweets_storage_encryption.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Without a key, S3 encrypts with its own."
  }
  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.ingestion_posts_tweets_storage_lifecycle.rule) == 2
    error_message = "Posts neither move nor expire unless days are given."
  }
  assert {
    condition     = { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["MONTHLY_USD_LIMIT"] == ""
    error_message = "A limit that is not given is empty, which the ingester reads as unset."
  }
}

run "schedule_with_everything" {
  command = plan

  variables {
    schedule_expression          = "rate(15 minutes)"
    capacity                     = "FARGATE_SPOT"
    kms_key_arn                  = "arn:aws:kms:eu-west-1:111111111111:key/1234-ab"
    infrequent_access_after_days = 90
    expire_after_days            = 730
    monthly_post_limit           = null
    monthly_usd_limit            = 25
    tags                         = { team = "research" }
  }

  assert {
    condition     = length(aws_ecs_service.ingestion_ingester_service) == 0 && aws_scheduler_schedule.ingestion_ingester_schedule[0].schedule_expression == "rate(15 minutes)"
    error_message = "With an expression there is a schedule, and no service."
  }
  assert {
    condition     = one(one(aws_scheduler_schedule.ingestion_ingester_schedule[0].target).ecs_parameters).propagate_tags == "TASK_DEFINITION"
    error_message = "Scheduled tasks carry the tags of their definition."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.ingestion_alarms_no_posts.evaluation_periods == 288
    error_message = "A schedule may deliver nothing for a day."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.ingestion_posts_tweets_storage_encryption.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "A key encrypts the bucket."
  }
  assert {
    condition     = one(aws_dynamodb_table.ingestion_checkpoint.server_side_encryption).kms_key_arn == var.kms_key_arn && one(aws_kinesis_firehose_delivery_stream.ingestion_posts_tweet_stream.server_side_encryption).key_type == "CUSTOMER_MANAGED_CMK"
    error_message = "A key encrypts table and stream."
  }
  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.ingestion_posts_tweets_storage_lifecycle.rule) == 4
    error_message = "Posts move, then expire."
  }
  assert {
    condition     = aws_security_group.ingestion_ingester_security_group.tags == tomap({ team = "research", Name = "cats" }) && aws_s3_bucket.ingestion_posts_tweets_storage.tags == tomap({ team = "research" })
    error_message = "The caller's tags are on everything, beside a name."
  }
  assert {
    condition     = { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["RUN_ONCE"] == "true"
    error_message = "A scheduled task exits when it has caught up."
  }
}

run "paused" {
  command = plan

  variables {
    desired_count = 0
  }

  assert {
    condition     = aws_ecs_service.ingestion_ingester_service[0].desired_count == 0
    error_message = "0 pauses."
  }
}

run "wrong_pairs_are_all_told_at_once" {
  command = plan

  variables {
    cpu                          = 256
    memory_mib                   = 1536
    stop_timeout_seconds         = 25
    kms_key_arn                  = "arn:aws:kms:us-east-1:111111111111:key/1234-ab"
    alarm_topic_arn              = "arn:aws:sns:us-east-1:111111111111:on-call"
    infrequent_access_after_days = 90
    expire_after_days            = 90
    monthly_post_limit           = null
    subnet_ids                   = ["subnet-0123456789abcdef0", "vpc-1"]
    tags                         = { "aws:team" = "research" }
  }

  expect_failures = [
    var.memory_mib,
    var.stop_timeout_seconds,
    var.kms_key_arn,
    var.alarm_topic_arn,
    var.expire_after_days,
    var.monthly_post_limit,
    var.subnet_ids,
    var.tags,
  ]
}

run "example_minimal" {
  command = plan
  module {
    source = "./examples/minimal"
  }
}

run "example_scheduled" {
  command = plan
  module {
    source = "./examples/scheduled"
  }
}
