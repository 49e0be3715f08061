package org.iommulab.lab.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.linux.program.Answer;
import org.iommulab.linux.program.Exchange;
import org.iommulab.linux.program.Request;
import org.jspecify.annotations.Nullable;

/** What a real program asked, as {@code iommu-lab exec} writes it down. */
final class ProgramRow {

  private static final Field ASKS =
      Field.of("asks", Kind.OBJECT).note("the request, by its `what`");
  private static final Field LEARNED =
      Field.object("learned", Kind.OBJECTS, List.of())
          .optional()
          .note("what the machine outside answered meanwhile, in order, by `what`");
  private static final Field RET = Field.of("ret", Kind.NUMBER).optional();
  private static final Field ERRNO =
      Field.of("errno", Kind.TEXT).optional().note("how it ended the first time");

  private ProgramRow() {}

  static Operation<Command.Program> row() {
    Part<Exchange> exchange =
        new Part<>(List.of(ASKS, LEARNED, RET, ERRNO), ProgramRow::read, ProgramRow::write);
    return Operation.of(
            "program",
            Command.Program.class,
            "A request of a real program is carried out again; `exec` writes these lines.",
            exchange)
        .is(Trait.REACHES_KERNEL)
        .answers("`ret` or `errno`, `cause`; EPROTO: the line is of another session")
        .example("{'op':'program','asks':{'what':'ProcessEnds','pid':1}}");
  }

  private static Exchange read(Fields fields) throws Complaint {
    Request request = Plain.read(Request.class, fields.map("asks"));
    var learned = new ArrayList<Answer>();
    if (fields.has("learned")) {
      for (Map<String, Object> one : fields.maps("learned")) {
        learned.add(Plain.read(Answer.class, one));
      }
    }
    Long ret = fields.numberOrNull("ret");
    String errno = fields.textOrNull("errno");
    return Exchange.kept(request, learned, ret == null ? null : new Exchange.Ending(ret, errno));
  }

  private static void write(Exchange exchange, Map<String, @Nullable Object> to) {
    to.put("asks", Plain.of(exchange.request()));
    if (!exchange.learned().isEmpty()) {
      to.put("learned", exchange.learned().stream().map(Plain::of).toList());
    }
    Exchange.Ending ending = exchange.ending();
    if (ending != null) {
      to.put("ret", ending.ret());
      if (ending.errno() != null) {
        to.put("errno", Objects.requireNonNull(ending.errno()));
      }
    }
  }
}
