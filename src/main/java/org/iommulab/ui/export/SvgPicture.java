package org.iommulab.ui.export;

import java.util.Locale;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.layout.Background;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.Border;
import javafx.scene.layout.BorderStroke;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.LinearGradient;
import javafx.scene.paint.Paint;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.PathElement;
import javafx.scene.shape.Rectangle;
import javafx.scene.shape.SVGPath;
import javafx.scene.shape.Shape;
import javafx.scene.text.Text;
import org.iommulab.ui.view.part.Drawing;
import org.jspecify.annotations.Nullable;

/**
 * A part of the window as SVG 1.1: backgrounds and borders of regions, letters, paths. Effects,
 * icons of icon fonts and what lies outside a clip are left out; gradients become their first
 * colour.
 */
final class SvgPicture {

  private static final int PRIVATE_USE_FIRST = 0xE000;
  private static final int PRIVATE_USE_LAST = 0xF8FF;

  private final StringBuilder out = new StringBuilder();
  private final Bounds frame;
  private int clips;

  private SvgPicture(Node root) {
    frame = root.localToScene(root.getLayoutBounds());
  }

  /** Draws a node that has been laid out. */
  static String of(Node root) {
    var picture = new SvgPicture(root);
    String size =
        String.format(
            Locale.ROOT,
            "width=\"%s\" height=\"%s\"",
            number(picture.frame.getWidth()),
            number(picture.frame.getHeight()));
    picture.out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" ").append(size).append(">\n");
    picture.draw(root);
    return picture.out.append("</svg>\n").toString();
  }

  private void draw(Node node) {
    if (!node.isVisible() || node.getOpacity() == 0) {
      return;
    }
    boolean grouped = node.getOpacity() < 1 || node.getClip() != null;
    if (grouped) {
      openGroup(node);
    }
    if (node instanceof Region region) {
      draw(region);
    } else if (node instanceof Text text) {
      draw(text);
    } else if (node instanceof Shape shape) {
      draw(shape);
    } else if (node instanceof Drawing drawing) {
      draw(drawing);
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(this::draw);
    }
    if (grouped) {
      out.append("</g>\n");
    }
  }

  private void openGroup(Node node) {
    String clipped = "";
    Node clip = node.getClip();
    if (clip != null) {
      Bounds bounds = node.localToScene(clip.getBoundsInParent());
      clipped = " clip-path=\"url(#clip" + clips + ")\"";
      out.append("<clipPath id=\"clip").append(clips++).append("\"><rect ");
      out.append(box(bounds.getMinX(), bounds.getMinY(), bounds.getWidth(), bounds.getHeight()));
      out.append("/></clipPath>\n");
    }
    String faint = node.getOpacity() < 1 ? " opacity=\"" + number(node.getOpacity()) + "\"" : "";
    out.append("<g").append(faint).append(clipped).append(">\n");
  }

  private void draw(Region region) {
    Bounds bounds = region.localToScene(region.getLayoutBounds());
    Background background = region.getBackground();
    if (background != null && region.getShape() instanceof SVGPath shape) {
      drawShape(shape, bounds, background);
      return;
    }
    if (background != null) {
      for (BackgroundFill fill : background.getFills()) {
        rectangle(
            bounds,
            fill.getInsets(),
            fill.getRadii().getTopLeftHorizontalRadius(),
            "fill=\"" + colour(fill.getFill()) + "\"");
      }
    }
    Border border = region.getBorder();
    if (border != null) {
      border.getStrokes().forEach(stroke -> draw(stroke, bounds));
    }
  }

  private void draw(Drawing drawing) {
    for (Drawing.Box box : drawing.boxes()) {
      Bounds bounds =
          drawing.localToScene(new BoundingBox(box.x(), box.y(), box.width(), box.height()));
      rectangle(bounds, Insets.EMPTY, 0, "fill=\"" + colour(box.paint()) + "\"");
    }
  }

  private void drawShape(SVGPath shape, Bounds bounds, Background background) {
    Bounds own = shape.getBoundsInLocal();
    if (background.getFills().isEmpty() || own.getWidth() == 0 || own.getHeight() == 0) {
      return;
    }
    out.append(
        String.format(
            Locale.ROOT,
            "<path d=\"%s\" fill=\"%s\" transform=\"translate(%s %s) scale(%s %s) translate(%s"
                + " %s)\"/>\n",
            shape.getContent(),
            colour(background.getFills().getLast().getFill()),
            number(bounds.getMinX() - frame.getMinX()),
            number(bounds.getMinY() - frame.getMinY()),
            number(bounds.getWidth() / own.getWidth()),
            number(bounds.getHeight() / own.getHeight()),
            number(-own.getMinX()),
            number(-own.getMinY())));
  }

  /** A border whose sides differ is drawn side by side. */
  private void draw(BorderStroke stroke, Bounds bounds) {
    double width = stroke.getWidths().getTop();
    boolean even =
        stroke.getTopStroke().equals(stroke.getBottomStroke())
            && stroke.getTopStroke().equals(stroke.getLeftStroke())
            && stroke.getTopStroke().equals(stroke.getRightStroke());
    if (even && width > 0) {
      rectangle(
          bounds,
          add(stroke.getInsets(), width / 2),
          stroke.getRadii().getTopLeftHorizontalRadius(),
          String.format(
              Locale.ROOT,
              "fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"",
              colour(stroke.getTopStroke()),
              number(width)));
      return;
    }
    double left = bounds.getMinX();
    double top = bounds.getMinY();
    double right = bounds.getMaxX();
    double bottom = bounds.getMaxY();
    side(left, top, right, top, stroke.getTopStroke(), stroke.getWidths().getTop());
    side(left, bottom, right, bottom, stroke.getBottomStroke(), stroke.getWidths().getBottom());
    side(left, top, left, bottom, stroke.getLeftStroke(), stroke.getWidths().getLeft());
    side(right, top, right, bottom, stroke.getRightStroke(), stroke.getWidths().getRight());
  }

  private void side(double x1, double y1, double x2, double y2, Paint paint, double width) {
    String colour = colour(paint);
    if (width > 0 && !colour.equals("none")) {
      out.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>\n",
              number(x1 - frame.getMinX()),
              number(y1 - frame.getMinY()),
              number(x2 - frame.getMinX()),
              number(y2 - frame.getMinY()),
              colour,
              number(width)));
    }
  }

  private static Insets add(Insets insets, double all) {
    return new Insets(
        insets.getTop() + all,
        insets.getRight() + all,
        insets.getBottom() + all,
        insets.getLeft() + all);
  }

  private void rectangle(Bounds bounds, Insets insets, double radius, String look) {
    double width = bounds.getWidth() - insets.getLeft() - insets.getRight();
    double height = bounds.getHeight() - insets.getTop() - insets.getBottom();
    if (width > 0 && height > 0 && !look.startsWith("fill=\"none\"/")) {
      String round = radius > 0 ? " rx=\"" + number(Math.min(radius, height / 2)) + "\"" : "";
      double x = bounds.getMinX() + insets.getLeft();
      double y = bounds.getMinY() + insets.getTop();
      out.append("<rect ").append(box(x, y, width, height)).append(round);
      out.append(' ').append(look).append("/>\n");
    }
  }

  private String box(double x, double y, double width, double height) {
    return String.format(
        Locale.ROOT,
        "x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"",
        number(x - frame.getMinX()),
        number(y - frame.getMinY()),
        number(width),
        number(height));
  }

  private void draw(Text text) {
    String all = text.getText();
    if (all == null || all.isBlank() || all.chars().anyMatch(SvgPicture::isIcon)) {
      return;
    }
    var lines = text.getLayoutInfo().getTextLines(true);
    double ascent = text.getBaselineOffset();
    for (var line : lines) {
      String words = all.substring(line.start(), Math.min(all.length(), line.end()));
      Bounds at =
          text.localToScene(
              new BoundingBox(
                  line.bounds().getMinX(),
                  line.bounds().getMinY(),
                  line.bounds().getWidth(),
                  line.bounds().getHeight()));
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%s\" y=\"%s\" font-family=\"%s\" font-size=\"%s\"%s"
                  + " fill=\"%s\">%s</text>\n",
              number(at.getMinX() - frame.getMinX()),
              number(at.getMinY() + ascent - frame.getMinY()),
              family(text),
              number(text.getFont().getSize()),
              text.getFont().getStyle().contains("Bold") ? " font-weight=\"bold\"" : "",
              colour(text.getFill()),
              escaped(words.strip())));
    }
  }

  private static boolean isIcon(int character) {
    return character >= PRIVATE_USE_FIRST && character <= PRIVATE_USE_LAST
        || Character.getType(character) == Character.PRIVATE_USE
        || Character.isSurrogate((char) character);
  }

  private static String family(Text text) {
    String family = text.getFont().getFamily();
    return family + (family.contains("Mono") ? ", monospace" : ", sans-serif");
  }

  private void draw(Shape shape) {
    String data =
        switch (shape) {
          case javafx.scene.shape.Path path -> data(path);
          case SVGPath path -> path.getContent();
          case Rectangle box ->
              String.format(
                  Locale.ROOT,
                  "M%s %sh%sv%sh-%sZ",
                  number(box.getX()),
                  number(box.getY()),
                  number(box.getWidth()),
                  number(box.getHeight()),
                  number(box.getWidth()));
          default -> "";
        };
    if (!data.isEmpty()) {
      Bounds origin = shape.localToScene(new BoundingBox(0, 0, 0, 0));
      out.append(
          String.format(
              Locale.ROOT,
              "<path d=\"%s\" fill=\"%s\" stroke=\"%s\" transform=\"translate(%s %s)\"/>\n",
              data,
              colour(shape.getFill()),
              colour(shape.getStroke()),
              number(origin.getMinX() - frame.getMinX()),
              number(origin.getMinY() - frame.getMinY())));
    }
  }

  private static String data(javafx.scene.shape.Path path) {
    var data = new StringBuilder();
    for (PathElement element : path.getElements()) {
      switch (element) {
        case MoveTo to ->
            data.append('M').append(number(to.getX())).append(' ').append(number(to.getY()));
        case LineTo to ->
            data.append('L').append(number(to.getX())).append(' ').append(number(to.getY()));
        case ClosePath _ -> data.append('Z');
        default -> {}
      }
    }
    return data.toString();
  }

  private static String colour(@Nullable Paint paint) {
    return switch (paint) {
      case Color colour when colour.getOpacity() > 0 ->
          String.format(
              Locale.ROOT,
              "#%02x%02x%02x",
              Math.round(colour.getRed() * 255),
              Math.round(colour.getGreen() * 255),
              Math.round(colour.getBlue() * 255));
      case LinearGradient gradient -> colour(gradient.getStops().getFirst().getColor());
      case null, default -> "none";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
