/** Arguments common to this whole range are used, and only they: 5.100.0 is tested for real. */
export const AWS_PROVIDER_RANGE = ">= 5.100.0, < 7.0.0";
