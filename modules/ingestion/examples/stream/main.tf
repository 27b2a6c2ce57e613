# X's filtered stream in place of searching. X allows one connection for an app: no second service uses this token.

module "pets" {
  source = "../.."

  account_id        = "111111111111"
  region            = "eu-west-1"
  name              = "pets"
  bucket_name       = "example-pets-111111111111"
  stream_name       = "pets"
  monthly_usd_limit = 25

  stream_rules = [
    { value = "(cats OR dogs) lang:en", tag = "pets" },
    { value = "from:nasa", tag = "nasa" },
  ]

  image            = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id           = "vpc-0123456789abcdef0"
  subnet_ids       = ["subnet-0123456789abcdef0"]
  alarm_topic_arn  = "arn:aws:sns:eu-west-1:111111111111:on-call"
}

output "stream_name" {
  description = "Delivery stream of the posts."
  value       = module.pets.stream_name
}
