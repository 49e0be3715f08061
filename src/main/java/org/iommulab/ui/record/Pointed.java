package org.iommulab.ui.record;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javafx.scene.Node;
import javafx.scene.Parent;
import org.jspecify.annotations.Nullable;

/** The documented id of what the pointer is on. */
final class Pointed {

  private static final Pattern ID = Pattern.compile("[a-z][A-Za-z0-9_-]*");

  private Pointed() {}

  /** The id of a node, or of the nearest one around it that has one. */
  static Optional<String> id(@Nullable Object target) {
    return node(target).map(Node::getId);
  }

  /** The nearest node that has an id. */
  static Optional<Node> node(@Nullable Object target) {
    Node node = target instanceof Node pointed ? pointed : null;
    while (node != null && (node.getId() == null || !ID.matcher(node.getId()).matches())) {
      node = node.getParent();
    }
    return Optional.ofNullable(node);
  }

  /** The topmost node at a point of the scene; disabled ones too, which get no mouse events. */
  static Node at(Node top, double sceneX, double sceneY) {
    if (top instanceof Parent parent) {
      List<Node> children = parent.getChildrenUnmodifiable();
      for (int i = children.size() - 1; i >= 0; i--) {
        Node child = children.get(i);
        if (child.isVisible()
            && !child.isMouseTransparent()
            && child.contains(child.sceneToLocal(sceneX, sceneY))) {
          return at(child, sceneX, sceneY);
        }
      }
    }
    return top;
  }

  /** Tells whether an id is of an area, in which it matters where one clicks. */
  static boolean isArea(String id) {
    return id.equals("workbench") || id.equals("overlay") || id.endsWith("-pane");
  }
}
