package org.iommulab.linux.iova;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import org.iommulab.testing.Seeds;

final class IovaTreeTest {

  @Seeds
  void randomInsertionsAndRemovalsKeepOrderAndBalance(long seed) {
    var random = new Random(seed);
    var tree = new IovaTree();
    var model = new TreeMap<Long, Long>();
    for (int step = 0; step < 2_000; step++) {
      long low = 1 + random.nextInt(5_000) * 8L;
      int node = tree.find(low);
      if (node == IovaTree.NONE) {
        long high = low + random.nextInt(8);
        tree.insert(low, high);
        model.put(low, high);
      } else if (random.nextInt(3) > 0) {
        tree.remove(node);
        model.remove(low);
      }
    }
    var lows = new ArrayList<Long>();
    for (int node = tree.first(); node != IovaTree.ANCHOR; node = tree.next(node)) {
      assertThat(tree.high(node)).isEqualTo(model.get(tree.low(node)));
      lows.add(tree.low(node));
    }
    assertThat(lows).containsExactlyElementsOf(model.keySet());
    assertThat(tree.size()).isEqualTo(model.size());
    var backwards = new ArrayList<Long>();
    for (int node = tree.previous(IovaTree.ANCHOR);
        node != IovaTree.NONE;
        node = tree.previous(node)) {
      backwards.add(tree.low(node));
    }
    assertThat(backwards).containsExactlyElementsOf(model.descendingKeySet());
    blackHeight(tree, tree.root());
  }

  private static int blackHeight(IovaTree tree, int node) {
    if (node == IovaTree.NONE) {
      return 1;
    }
    if (tree.isRed(node)) {
      assertThat(tree.isRed(tree.left(node))).as("red child of a red node").isFalse();
      assertThat(tree.isRed(tree.right(node))).as("red child of a red node").isFalse();
    }
    int height = blackHeight(tree, tree.left(node));
    assertThat(blackHeight(tree, tree.right(node))).as("black height").isEqualTo(height);
    return height + (tree.isRed(node) ? 0 : 1);
  }
}
