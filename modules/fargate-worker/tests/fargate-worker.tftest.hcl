# terraform init && terraform test: a mocked provider, no account.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  account_id            = "111111111111"
  region                = "eu-west-1"
  name                  = "cats"
  stream_name           = "cats"
  checkpoint_table_name = "ledger"
  search_query          = "cats lang:en"
  monthly_post_limit    = 1000
  image                 = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn        = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn      = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id                = "vpc-0123456789abcdef0"
  subnet_ids            = ["subnet-0123456789abcdef0"]
}

run "sizes_that_are_sold" {
  command = plan

  variables {
    cpu        = 4096
    memory_mib = 30720
  }

  assert {
    condition     = aws_ecs_task_definition.ingester_task.memory == "30720"
    error_message = "30 GiB are sold with 4 vCPU."
  }
}

run "sizes_that_are_not" {
  command = plan

  variables {
    cpu                    = 4096
    memory_mib             = 30721
    checkpoint_kms_key_arn = "arn:aws:kms:us-east-1:111111111111:key/1234-ab"
  }

  expect_failures = [var.memory_mib, var.checkpoint_kms_key_arn]
}

run "stream" {
  command = plan

  variables {
    search_query = null
    stream_rules = [{ value = "from:nasa", tag = "nasa" }]
    stream_fill  = false
  }

  assert {
    condition     = { for pair in jsondecode(aws_ecs_task_definition.ingester_task.container_definitions)[0].environment : pair.name => pair.value if contains(["INGEST_MODE", "STREAM_RULES", "STREAM_FILL", "SEARCH_QUERY"], pair.name) } == { INGEST_MODE = "stream", STREAM_RULES = jsonencode(var.stream_rules), STREAM_FILL = "false", SEARCH_QUERY = "" }
    error_message = "The ingester gets the rules, and no query."
  }
}

run "a_query_beside_several" {
  command = plan

  variables {
    search_queries = [{ name = "nasa", query = "from:nasa" }]
  }

  expect_failures = [var.search_query]
}

run "example_parts" {
  command = plan
  module {
    source = "./examples/parts"
  }
}
