package org.iommulab.ui.form;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Hex;
import org.iommulab.ui.form.FormField.Choice;

/** Makes a mapping, or takes one away. */
final class MapForm implements Form {

  private final boolean unmap;
  private final List<Through> ways;
  private final List<FormField> fields = new ArrayList<>();

  private MapForm(boolean unmap, FormFacts facts, long iova, String size) {
    this.unmap = unmap;
    this.ways = Through.ways(facts);
    var choices = new ArrayList<Choice>();
    for (int i = 0; i < ways.size(); i++) {
      choices.add(new Choice(Integer.toString(i), ways.get(i).shown(unmap)));
    }
    fields.add(FormField.choice("through", choices));
    fields.add(FormField.text("iova", Hex.group(iova)));
    fields.add(FormField.text("size", size));
    if (!unmap) {
      fields.add(FormField.text("memory", Hex.group(facts.memory())));
      fields.add(FormField.check("readonly"));
    }
  }

  static MapForm map(FormFacts facts, long iova) {
    return new MapForm(false, facts, iova, "4 KiB");
  }

  static MapForm unmap(FormFacts facts, long iova, long size) {
    return new MapForm(true, facts, iova, Hex.size(size));
  }

  @Override
  public String id() {
    return unmap ? "unmap" : "map";
  }

  @Override
  public List<FormField> fields() {
    return fields;
  }

  @Override
  public Draft draft() {
    if (ways.isEmpty()) {
      return new Draft.Unfinished("through", "form.no-way");
    }
    var entry = new Entry(fields);
    Through way = ways.get(Integer.parseInt(entry.text("through")));
    long iova = entry.pageAddress("iova");
    long size = entry.pageBytes("size");
    Command command =
        unmap
            ? way.unmap(iova, size)
            : way.map(iova, size, entry.expression("memory"), entry.isChecked("readonly"));
    return entry.problem().<Draft>map(problem -> problem).orElse(new Draft.Ready(List.of(command)));
  }
}
