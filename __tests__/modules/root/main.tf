# A root as a platform team would write it: every module called twice, by for_each.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = local.region
  # Nothing here reaches AWS.
  access_key                  = "dummy"
  secret_key                  = "dummy"
  skip_credentials_validation = true
  skip_metadata_api_check     = "true"
  skip_requesting_account_id  = true
}

variable "buffering_size_mib" {
  type    = number
  default = 5
}

variable "monthly_post_limit" {
  type    = number
  default = 500
}

variable "search_poll_seconds" {
  type    = number
  default = 30
}

locals {
  account_id = "111111111111"
  region     = "eu-west-1"
  topics = {
    climate = "\"climate change\" lang:en"
    cats    = "cats OR 猫 \"two\twords\" \\ \\n\n $${HOME} $$${x} %%{if} <&>"
  }
  ingester = {
    image            = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-ecr:0.1.0"
    repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-ecr"
    token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-token"
    vpc_id           = "vpc-0123456789abcdef0"
    subnet_ids       = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  }
}

module "ingestion" {
  source   = "./modules/ingestion"
  for_each = local.topics

  account_id         = local.account_id
  region             = local.region
  name               = "whole-${each.key}"
  bucket_name        = "example-whole-${each.key}"
  stream_name        = "whole-${each.key}"
  search_query       = each.value
  monthly_post_limit = 1000
  limit_scope        = "own"
  alarm_topic_arn    = "arn:aws:sns:eu-west-1:111111111111:on-call"
  runbook            = "$${HOME} %%{if} \"runbook\" \\ 猫\n<&>"
  image              = local.ingester.image
  repository_arn     = local.ingester.repository_arn
  token_secret_arn   = local.ingester.token_secret_arn
  vpc_id             = local.ingester.vpc_id
  subnet_ids         = local.ingester.subnet_ids
}

locals {
  sources = {
    queries = { search_queries = [{ name = "cats", query = "cats" }, { name = "dogs", query = "dogs $${x}" }, { name = "a.b-c", query = "birds" }] }
    stream  = { stream_rules = [{ value = "cats \"$${x}\"", tag = "pets" }, { value = "from:nasa", tag = "nasa" }] }
  }
}

module "ingestion_of" {
  source   = "./modules/ingestion"
  for_each = local.sources

  account_id        = local.account_id
  region            = local.region
  name              = "of-${each.key}"
  bucket_name       = "example-of-${each.key}"
  stream_name       = "of-${each.key}"
  search_queries    = try(each.value.search_queries, null)
  stream_rules      = try(each.value.stream_rules, null)
  monthly_usd_limit = 20
  alarm_topic_arn   = "arn:aws:sns:eu-west-1:111111111111:on-call"
  image             = local.ingester.image
  repository_arn    = local.ingester.repository_arn
  token_secret_arn  = local.ingester.token_secret_arn
  vpc_id            = local.ingester.vpc_id
  subnet_ids        = local.ingester.subnet_ids
}

module "delivery_stream" {
  source   = "./modules/delivery-stream"
  for_each = local.topics

  account_id         = local.account_id
  region             = local.region
  name               = "parts-${each.key}"
  bucket_name        = "example-parts-${each.key}"
  stream_name        = "parts-${each.key}"
  buffering_size_mib = var.buffering_size_mib
}

resource "aws_dynamodb_table" "checkpoint" {
  name         = "parts-checkpoint"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  attribute {
    name = "pk"
    type = "S"
  }
}

module "fargate_worker" {
  source     = "./modules/fargate-worker"
  for_each   = local.topics
  depends_on = [aws_dynamodb_table.checkpoint]

  account_id            = local.account_id
  region                = local.region
  name                  = "parts-${each.key}"
  stream_name           = module.delivery_stream[each.key].stream_name
  checkpoint_table_name = aws_dynamodb_table.checkpoint.name
  checkpoint_key        = each.key
  search_query          = each.value
  search_poll_seconds   = var.search_poll_seconds
  monthly_post_limit    = var.monthly_post_limit
  image                 = local.ingester.image
  repository_arn        = local.ingester.repository_arn
  token_secret_arn      = local.ingester.token_secret_arn
  vpc_id                = local.ingester.vpc_id
  subnet_ids            = local.ingester.subnet_ids
}

output "streams" {
  value = [for topic in module.delivery_stream : topic.stream_arn]
}
