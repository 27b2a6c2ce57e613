# Warnings are shown; only errors fail the workflow.
plugin "terraform" {
  enabled = true
  preset  = "recommended"
}

plugin "aws" {
  enabled = true
  version = "0.48.0"
  source  = "github.com/terraform-linters/tflint-ruleset-aws"
}

# No required_version in the stacks: CDKTF's HCL output renders it as invalid Terraform.
rule "terraform_required_version" {
  enabled = false
}
