package org.iommulab.ui.form;

import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.form.FormField.Choice;
import org.iommulab.ui.form.Invalidation.Scope;

/** Drops entries of the unit's caches. */
final class InvalidateForm implements Form {

  private final Invalidation invalidation;
  private final List<FormField> fields;

  /**
   * A form.
   *
   * @param scopes the shown words of each scope, in the order of the enum
   */
  InvalidateForm(FormFacts facts, List<String> scopes, long iova) {
    invalidation = new Invalidation(facts);
    Scope[] all = Scope.values();
    String domain = Hex.plain(facts.domainIds().stream().findFirst().orElse(0), 2);
    fields =
        List.of(
            FormField.choice(
                "scope",
                java.util.stream.IntStream.range(0, all.length)
                    .mapToObj(i -> new Choice(all[i].name(), scopes.get(i)))
                    .toList()),
            FormField.text("domain", domain),
            FormField.choice(
                "device",
                facts.devices().stream()
                    .map(each -> each.source().toString())
                    .map(text -> new Choice(text, text))
                    .toList()),
            FormField.text("iova", Hex.group(iova)),
            FormField.text("pages", "1"));
  }

  @Override
  public String id() {
    return "invalidate";
  }

  @Override
  public List<FormField> fields() {
    return fields;
  }

  private Scope scope() {
    return Scope.valueOf(new Entry(fields).text("scope"));
  }

  @Override
  public boolean isUsed(FormField field) {
    return switch (field.id()) {
      case "domain" -> scope() != Scope.CONTEXT_ALL && scope() != Scope.IOTLB_ALL;
      case "device" -> scope() == Scope.CONTEXT_DEVICE;
      case "iova", "pages" -> scope() == Scope.IOTLB_PAGES;
      default -> true;
    };
  }

  @Override
  public Draft draft() {
    var entry = new Entry(fields);
    Scope scope = scope();
    int domain = isUsed(fields.get(1)) ? entry.domain("domain") : 0;
    String device = scope == Scope.CONTEXT_DEVICE ? entry.text("device") : "";
    if (scope == Scope.CONTEXT_DEVICE && device.isEmpty()) {
      entry.complain("device", "form.no-device");
    }
    long iova = 0;
    int pages = 1;
    if (scope == Scope.IOTLB_PAGES) {
      iova = entry.pageAddress("iova");
      pages = entry.number("pages", 1 << 18);
      if (Integer.bitCount(pages) != 1 || (Page.number(iova) & pages - 1) != 0) {
        entry.complain("pages", "form.not-aligned");
      }
    }
    if (entry.problem().isPresent()) {
      return entry.problem().get();
    }
    List<Command> commands = invalidation.commands(scope, domain, device, iova, pages);
    return new Draft.Ready(commands);
  }
}
