package org.iommulab.ui.view.kernel;

import java.util.function.IntConsumer;
import javafx.scene.Parent;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.util.StringConverter;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.jspecify.annotations.Nullable;

/** The ranges in the allocator's tree, and what magazines keep for the next caller. */
final class IovaPart implements DetailView {

  private final Texts texts;
  private final RowTable<Detail.Range> ranges;
  private final RowTable<Detail.Magazines> magazines;
  private final ComboBox<Integer> domains = new ComboBox<>();
  private final Label more = new Label();
  private final BorderPane pane = new BorderPane();
  private DomainNumbers names = DomainNumbers.NONE;
  private boolean showing;

  IovaPart(Texts texts, IntConsumer onDomain) {
    this.texts = texts;
    ranges =
        new RowTable<Detail.Range>("kernel-ranges", texts)
            .column("range", 216, range -> Figure.of(Hex.range(range.first(), range.last())))
            .column("pages", 60, range -> Figure.of(Long.toString(range.pages())))
            .column("state", 116, IovaPart::state)
            .column("node", 116, IovaPart::node)
            .rowIds(range -> Long.toHexString(range.first()))
            .faintWhen(range -> range.state().equals("RESERVED"))
            .emptyText("view.kernel.iova.empty");
    magazines =
        new RowTable<Detail.Magazines>("kernel-magazines", texts)
            .column("size", 100, line -> Figure.of(pages(line.order())))
            .column("cpu", 44, line -> Figure.of(Integer.toString(line.cpu())))
            .column("loaded", 76, line -> Figure.of(line.loaded() + " / " + line.size()))
            .column("previous", 76, line -> Figure.of(line.previous() + " / " + line.size()))
            .column("depot", 60, line -> Figure.of(Integer.toString(line.depot())))
            .rowIds(line -> line.order() + "-" + line.cpu())
            .emptyText("view.kernel.magazines.empty");
    domains.setId("kernel-domain");
    domains.getStyleClass().add("small-choice");
    domains.setConverter(new DomainName());
    domains
        .valueProperty()
        .addListener(
            (_, _, id) -> {
              if (id != null && !showing) {
                onDomain.accept(id);
              }
            });
    more.getStyleClass().add("muted");
    var bar = new HBox(domains, more);
    bar.getStyleClass().add("view-bar");
    pane.setTop(bar);
    pane.setCenter(new Beside(ranges, magazines, 0.4));
  }

  private final class DomainName extends StringConverter<Integer> {
    @Override
    public String toString(@Nullable Integer id) {
      return id == null ? "" : names.of(id).in(texts);
    }

    @Override
    public @Nullable Integer fromString(String text) {
      return null;
    }
  }

  private static String pages(int order) {
    return "2^" + order + " · " + Hex.size(4096L << order);
  }

  private static Figure state(Detail.Range range) {
    Phrase words = Phrase.of("view.kernel.range." + range.state());
    return switch (range.state()) {
      case "ALLOCATED" -> Figure.tag(new Mark(Role.ACCENT, "■", words));
      case "CACHED" -> Figure.tag(new Mark(Role.WARN, "○", words));
      default -> Figure.muted(words);
    };
  }

  private static Figure node(Detail.Range range) {
    String key = range.red() ? "view.kernel.node.red" : "view.kernel.node.black";
    return Figure.muted(Phrase.of(key, range.depth()));
  }

  @Override
  public Parent node() {
    return pane;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Iova iova) {
      showing = true;
      names = iova.names();
      domains.getItems().setAll(iova.domains());
      domains.setValue(iova.domain() == 0 ? null : iova.domain());
      domains.setDisable(iova.domains().isEmpty());
      showing = false;
      ranges.getItems().setAll(iova.ranges());
      magazines.getItems().setAll(iova.magazines());
      more.setText(iova.more() == 0 ? "" : texts.get("view.kernel.more", iova.more()));
    }
  }

  @Override
  public TextTable text() {
    return ranges.text();
  }
}
