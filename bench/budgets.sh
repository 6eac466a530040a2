# shellcheck shell=bash disable=SC2034 # a part of bench.sh and costs.sh
# What a start may cost. None of it is a time: those depend on the machine, and so do their ratios to the
# time of a program that does something else. Both scripts work beside the program in the same round.

declare -rA largest_binary=([3.0]=4000000 [3.5]=4700000) # bytes, by the series of OpenSSL; 4.5 MB are wanted
readonly largest_memory=6144    # KiB
readonly largest_watcher=5000   # KiB

# Times of the bash script that writes the same file and checks nothing; of the one that makes the same
# checks with openssl(1).
readonly of_heredoc_without_certificates=0.5
readonly of_heredoc_with_certificates=1
readonly of_heredoc_with_staging=1.2 # 1 is wanted; 0.86 was seen on a quiet machine, 0.99 with a load of 15
readonly of_openssl=0.1

# Percent of what bench/instructions has recorded for the processor and OpenSSL.
readonly most_instructions=105
# The instructions for each line or byte of an input that is ten times as long, over those for this one.
readonly growth=1.1
