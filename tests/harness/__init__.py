"""The non-interference harness (DESIGN.md section 7, promise 1; THREATS.md section 4.3).

* `base`: the alliance that every world begins from.
* `things`: the objects that are shared, each with words, value and canaries of its own.
* `addresses`, `ceilings`: audiences and markings, as the harness writes and reads them.
* `model`: the rules of release, written down once more: who is to see what.
* `acts`: what happens in a world, and the world it happens in.
* `pairs`: pairs of histories that one viewer must not be able to tell apart.
* `traces`, `wire`: what that viewer asks, from the routes that this node serves, and the raw bytes of the answers.
* `twoworlds`: one pair played. `completeness`: one reader asking for all there is.
* `leaks`: leaks put into the product on purpose; each must be caught.
"""
