/** How many of each a post has. */
export interface PostMetrics {
  readonly likes: number;
  readonly reposts: number;
  readonly replies: number;
}

/** Engagement counts. @param popularity see the post's traits */
export function metricsOf(popularity: number): PostMetrics {
  const likes = popularity % 997;
  return { likes, reposts: likes >> 3, replies: likes >> 4 };
}
