"""The article's loop in Python: page by page with tweepy, one PutRecord per post with boto3.

The article asks for the text alone; this one for the ingester's fields, so that both move the same posts.
"""

import json
import os
import resource

import boto3
import requests.adapters
import tweepy


class Redirected(requests.adapters.HTTPAdapter):
    """tweepy knows one host only; the simulator is another one."""

    def send(self, request, **options):
        request.url = request.url.replace("https://api.twitter.com", os.environ["X_API_URL"], 1)
        return super().send(request, **options)


def main():
    client = tweepy.Client(os.environ["X_BEARER_TOKEN"])
    client.session.mount("https://api.twitter.com", Redirected())
    firehose = boto3.client("firehose", endpoint_url=os.environ["AWS_ENDPOINT_URL_FIREHOSE"])
    stream = os.environ["FIREHOSE_STREAM_NAME"]
    query = os.environ["SEARCH_QUERY"]
    search = client.search_recent_tweets
    fields = os.environ["BENCH_TWEET_FIELDS"]
    for page in tweepy.Paginator(search, query=query, max_results=100, tweet_fields=fields):
        for tweet in page.data or []:
            firehose.put_record(DeliveryStreamName=stream, Record={"Data": json.dumps(tweet.data, default=str) + "\n"})


def write_usage():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = usage.ru_utime + usage.ru_stime
    with open(os.environ["BENCH_USAGE_FILE"], "w") as file:
        json.dump({"cpuSeconds": cpu_seconds, "peakRssMiB": usage.ru_maxrss / 1024}, file)


main()
write_usage()
