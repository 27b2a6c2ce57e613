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
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.ingestion_alarms_lag_further) == 0 && aws_cloudwatch_metric_alarm.ingestion_alarms_lag.dimensions["CheckpointKey"] == "posts"
    error_message = "One query has the coverage that checkpoint_key names."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.ingestion_alarms_disconnected) == 0 && { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["INGEST_MODE"] == "search"
    error_message = "A query is searched for: there is no stream to be disconnected from."
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

run "several_queries" {
  command = plan

  variables {
    search_query = null
    search_queries = [
      { name = "nasa", query = "from:nasa" },
      { name = "esa", query = "from:esa \"$${HOME} %%{if}\"" },
      { name = "launch.pad-1", query = "launch" },
    ]
  }

  assert {
    condition     = { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["SEARCH_QUERIES"] == jsonencode(var.search_queries) && { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["SEARCH_QUERY"] == ""
    error_message = "The ingester gets all queries, unchanged."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.ingestion_alarms_lag.alarm_name == "cats-lag" && aws_cloudwatch_metric_alarm.ingestion_alarms_lag.dimensions["CheckpointKey"] == "posts/nasa"
    error_message = "Alarms of the first query keep their names."
  }
  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.ingestion_alarms_no_posts_further : alarm.alarm_name => alarm.dimensions["CheckpointKey"] } == { "cats-no-posts-esa" = "posts/esa", "cats-no-posts-launch.pad-1" = "posts/launch.pad-1" }
    error_message = "Every further query has alarms of its own."
  }
  assert {
    condition     = startswith(aws_cloudwatch_metric_alarm.ingestion_alarms_no_posts.alarm_description, "No post of the query nasa was delivered") && startswith(aws_cloudwatch_metric_alarm.ingestion_alarms_no_posts_further["esa"].alarm_description, "No post of the query esa was delivered")
    error_message = "A notification names the query."
  }
  assert {
    condition     = [for widget in jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets : [for metric in widget.properties.metrics : metric[3]] if try(widget.properties.title, "") == "Behind X"] == [["posts/nasa", "posts/esa", "posts/launch.pad-1"]]
    error_message = "The dashboard shows every query."
  }
  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"][0]) == 5 + 2 * 3 + 4
    error_message = "The dashboard shows every alarm."
  }
  assert {
    condition     = strcontains(jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets[0].properties.markdown, "- nasa: `posts/nasa`\n- esa: `posts/esa`\n- launch.pad-1: `posts/launch.pad-1`")
    error_message = "The dashboard names the coverage of every query."
  }
}

run "as_many_queries_as_a_ledger_takes" {
  command = plan

  variables {
    search_query   = null
    search_queries = [for number in range(32) : { name = "q${number}", query = "cats ${number}" }]
  }

  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"][0]) == 100
    error_message = "A widget shows 100 alarms at most."
  }
}

run "stream" {
  command = plan

  variables {
    search_query = null
    stream_rules = [
      { value = "(cats OR dogs) lang:en \"$${HOME} %%{if}\"", tag = "pets" },
      { value = "from:nasa", tag = "nasa" },
    ]
  }

  assert {
    condition     = { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["INGEST_MODE"] == "stream" && { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["STREAM_RULES"] == jsonencode(var.stream_rules) && { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["STREAM_FILL"] == "true" && { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["SEARCH_QUERY"] == "" && { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["SEARCH_QUERIES"] == ""
    error_message = "The ingester gets all rules, unchanged, and no query."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.ingestion_alarms_disconnected) == 1 && length(aws_cloudwatch_metric_alarm.ingestion_alarms_reconnect_waits) == 1 && length(aws_cloudwatch_metric_alarm.ingestion_alarms_holes_stay_open) == 1
    error_message = "A stream has the alarms of a stream."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.ingestion_alarms_disconnected[0].dimensions["CheckpointKey"] == "posts (filtered stream)" && aws_cloudwatch_metric_alarm.ingestion_alarms_lag.dimensions["CheckpointKey"] == "posts (filtered stream)"
    error_message = "A stream has a coverage of its own."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.ingestion_alarms_lag.threshold == 1800
    error_message = "A stream has no pause between polls."
  }
  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets : widget if try(widget.properties.title, "") == "Connection to X"]) == 1 && length([for widget in jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"][0]) == 12
    error_message = "The dashboard shows the connection, and its alarms."
  }
}

run "stream_without_fill" {
  command = plan

  variables {
    search_query = null
    stream_rules = [{ value = "from:nasa", tag = "nasa" }]
    stream_fill  = false
  }

  assert {
    condition     = { for pair in jsondecode(aws_ecs_task_definition.ingestion_ingester_task.container_definitions)[0].environment : pair.name => pair.value }["STREAM_FILL"] == "false" && length(aws_cloudwatch_metric_alarm.ingestion_alarms_holes_stay_open) == 0
    error_message = "Holes that are not filled stay open by design."
  }
  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.ingestion_dashboard.dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"][0]) == 11
    error_message = "The dashboard shows no alarm that does not exist."
  }
}

run "wrong_lists_are_all_told_at_once" {
  command = plan

  variables {
    search_queries = [{ name = "a", query = "cats" }, { name = "a", query = "dogs" }]
    stream_rules   = [{ value = "cats", tag = "" }]
  }

  expect_failures = [var.search_queries, var.stream_rules]
}

run "nothing_to_read" {
  command = plan

  variables {
    search_query = null
  }

  expect_failures = [var.search_query]
}

run "a_query_beside_rules_with_a_schedule_and_a_start" {
  command = plan

  variables {
    stream_rules        = [{ value = "cats", tag = "pets" }]
    schedule_expression = "rate(15 minutes)"
    search_start        = "window"
  }

  expect_failures = [var.search_query, var.schedule_expression, var.search_start]
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

run "example_queries" {
  command = plan
  module {
    source = "./examples/queries"
  }
}

run "example_stream" {
  command = plan
  module {
    source = "./examples/stream"
  }
}
