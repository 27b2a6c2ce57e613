# The ingester for a stream that the other module makes, with its ledger in a table of your own.

module "stream" {
  source = "../../../delivery-stream"

  account_id  = "111111111111"
  region      = "eu-west-1"
  name        = "cats"
  bucket_name = "example-cats-111111111111"
  stream_name = "cats"
}

resource "aws_dynamodb_table" "ledger" {
  name         = "ledger"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  attribute {
    name = "pk"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
}

module "worker" {
  source = "../.."

  account_id            = "111111111111"
  region                = "eu-west-1"
  name                  = "cats"
  stream_name           = module.stream.stream_name
  checkpoint_table_name = aws_dynamodb_table.ledger.name
  search_query          = "cats lang:en"
  monthly_post_limit    = 1000

  image            = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-prod-ecr:0.1.0"
  repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-prod-ecr"
  token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:tweets-prod-x-token"
  vpc_id           = "vpc-0123456789abcdef0"
  subnet_ids       = ["subnet-0123456789abcdef0"]
}
