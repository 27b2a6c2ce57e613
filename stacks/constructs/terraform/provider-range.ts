/** Only arguments that the whole range supports are used; tests run with 5.100.0. */
export const AWS_PROVIDER_RANGE = ">= 5.100.0, < 7.0.0";
