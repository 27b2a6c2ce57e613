# One query on an always-on service. X bills every post: the limit is required.

module "cats" {
  source = "../.."

  account_id         = "111111111111"
  region             = "eu-west-1"
  name               = "cats"
  bucket_name        = "example-cats-111111111111"
  stream_name        = "cats"
  search_query       = "cats lang:en"
  monthly_post_limit = 1000

  image            = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id           = "vpc-0123456789abcdef0"
  subnet_ids       = ["subnet-0123456789abcdef0"]
  alarm_topic_arn  = "arn:aws:sns:eu-west-1:111111111111:on-call"
}

output "bucket_name" {
  description = "Where the posts are."
  value       = module.cats.bucket_name
}
