package org.iommulab.ui.prose;

import java.util.List;
import java.util.regex.Pattern;
import javafx.application.Platform;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.parser.Parser;

/**
 * A text in Markdown, laid out: paragraphs, headings, lists, emphasis and code. The same node shows
 * one text after another.
 */
public final class Prose extends VBox {

  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  /** Where a line of a text was broken between Chinese characters, which have no space there. */
  private static final Pattern GAP =
      Pattern.compile("(?<=[\\u3000-\\u9fff\\uff00-\\uffef]) (?=[\\u3000-\\u9fff\\uff00-\\uffef])");

  private String shown = "";
  private boolean renewing;

  /** Nothing yet; {@code styleClass} is given to it besides {@code prose}. */
  public Prose(String styleClass) {
    getStyleClass().addAll("prose", styleClass);
    setFillWidth(true);
    setMinWidth(0);
  }

  /** Shows a text. */
  public void show(String markdown) {
    shown = markdown;
    getChildren().clear();
    PARSER.parse(joined(markdown)).accept(new Blocks());
    // Words that get their letters after they were laid out are drawn over each other: they get
    // them at once, and are made anew when the letters change.
    applyCss();
    getChildren().stream()
        .flatMap(block -> block instanceof TextFlow flow ? flow.getChildren().stream() : null)
        .filter(Text.class::isInstance)
        .findFirst()
        .ifPresent(first -> ((Text) first).fontProperty().subscribe((was, is) -> anew()));
  }

  private void anew() {
    if (!renewing) {
      renewing = true;
      Platform.runLater(
          () -> {
            renewing = false;
            show(shown);
          });
    }
  }

  static String joined(String markdown) {
    return GAP.matcher(markdown).replaceAll("");
  }

  /** A text without its marks, for screen readers and clipboards. */
  public static String plain(String markdown) {
    var text = new StringBuilder();
    PARSER
        .parse(markdown)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(org.commonmark.node.Text node) {
                text.append(node.getLiteral());
              }

              @Override
              public void visit(Code node) {
                text.append(node.getLiteral());
              }

              @Override
              public void visit(SoftLineBreak node) {
                text.append(' ');
              }
            });
    return text.toString();
  }

  /** Blocks become lines of this box. */
  private final class Blocks extends AbstractVisitor {

    private int number;

    @Override
    public void visit(Paragraph node) {
      add(node, "");
    }

    @Override
    public void visit(Heading node) {
      add(node, "prose-heading");
    }

    @Override
    public void visit(BulletList node) {
      number = 0;
      visitChildren(node);
    }

    @Override
    public void visit(OrderedList node) {
      Integer start = node.getMarkerStartNumber();
      number = start == null ? 1 : start;
      visitChildren(node);
      number = 0;
    }

    @Override
    public void visit(ListItem node) {
      String mark = number == 0 ? "•  " : number++ + ".  ";
      for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
        if (child instanceof Paragraph) {
          var flow = flow(child, "prose-item");
          flow.getChildren().addFirst(text(mark, ""));
          getChildren().add(flow);
        } else {
          child.accept(this);
        }
      }
    }

    @Override
    public void visit(FencedCodeBlock node) {
      code(node.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock node) {
      code(node.getLiteral());
    }

    private void code(String literal) {
      var flow = new TextFlow(text(literal.stripTrailing(), "code"));
      flow.getStyleClass().add("prose-code");
      getChildren().add(flow);
    }

    private void add(Node node, String styleClass) {
      getChildren().add(flow(node, styleClass));
    }

    private TextFlow flow(Node node, String styleClass) {
      var flow = new TextFlow();
      flow.getStyleClass().add("prose-block");
      if (!styleClass.isEmpty()) {
        flow.getStyleClass().add(styleClass);
      }
      flow.setMinWidth(0);
      node.accept(new Inlines(flow));
      return flow;
    }
  }

  private static Text text(String words, String styleClass) {
    var text = new Text(words);
    text.getStyleClass().add("prose-text");
    if (!styleClass.isEmpty()) {
      text.getStyleClass().add(styleClass);
    }
    return text;
  }

  /** Words of one block. */
  private static final class Inlines extends AbstractVisitor {

    private final TextFlow flow;
    private String style = "";

    Inlines(TextFlow flow) {
      this.flow = flow;
    }

    @Override
    public void visit(org.commonmark.node.Text node) {
      flow.getChildren().add(text(node.getLiteral(), style));
    }

    @Override
    public void visit(Code node) {
      flow.getChildren().add(text(node.getLiteral(), "code"));
    }

    @Override
    public void visit(SoftLineBreak node) {
      flow.getChildren().add(text(" ", style));
    }

    @Override
    public void visit(HardLineBreak node) {
      flow.getChildren().add(text("\n", style));
    }

    @Override
    public void visit(Emphasis node) {
      styled(node, "emphasis");
    }

    @Override
    public void visit(StrongEmphasis node) {
      styled(node, "strong-emphasis");
    }

    private void styled(Node node, String with) {
      String before = style;
      style = with;
      visitChildren(node);
      style = before;
    }
  }
}
