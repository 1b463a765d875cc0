"""The non-interference harness (DESIGN.md section 7, promise 1; THREATS.md section 4.3).

base       the alliance that every world begins from
things     the objects that are shared, each with its own words, value and canaries
acts       what happens in a world, and the world it happens in
model      the rules of release, written down once more and by another hand: who is to see what
pairs      pairs of histories that one viewer must not be able to tell apart
traces     what that viewer asks, from the routes that this node serves
leaks      leaks put into the product on purpose: each must be caught
"""
