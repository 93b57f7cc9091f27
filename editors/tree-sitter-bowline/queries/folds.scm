[(block) (prose) (fence) (list)] @fold
