# Started every quarter of an hour on Spot, which is cheap; posts move to infrequent access and expire after two years.

resource "aws_kms_key" "posts" {
  description         = "Posts, ledger and logs"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "OwnKey"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }
  }
  statement {
    sid       = "EncryptLogs"
    actions   = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.eu-west-1.amazonaws.com"]
    }
  }
}

module "climate" {
  source = "../.."

  account_id        = "111111111111"
  region            = "eu-west-1"
  name              = "climate"
  bucket_name       = "example-climate-111111111111"
  stream_name       = "climate"
  search_query      = "\"climate change\" lang:en"
  monthly_usd_limit = 25

  schedule_expression          = "rate(15 minutes)"
  capacity                     = "FARGATE_SPOT"
  kms_key_arn                  = aws_kms_key.posts.arn
  infrequent_access_after_days = 90
  expire_after_days            = 730
  tags                         = { team = "research" }

  image            = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id           = "vpc-0123456789abcdef0"
  subnet_ids       = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  alarm_topic_arn  = "arn:aws:sns:eu-west-1:111111111111:on-call"
}

output "security_group_id" {
  description = "For rules of your own."
  value       = module.climate.security_group_id
}
