# Several queries in one task, under one budget. Each has a coverage, metrics and alarms of its own.

module "space" {
  source = "../.."

  account_id        = "111111111111"
  region            = "eu-west-1"
  name              = "space"
  bucket_name       = "example-space-111111111111"
  stream_name       = "space"
  monthly_usd_limit = 25

  search_queries = [
    { name = "nasa", query = "from:nasa" },
    { name = "esa", query = "from:esa" },
    { name = "launches", query = "\"rocket launch\" lang:en" },
  ]

  image            = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id           = "vpc-0123456789abcdef0"
  subnet_ids       = ["subnet-0123456789abcdef0"]
  alarm_topic_arn  = "arn:aws:sns:eu-west-1:111111111111:on-call"
}

output "checkpoint_table_name" {
  description = "Table of the ledger: coverage of every query, and the budget."
  value       = module.space.checkpoint_table_name
}
