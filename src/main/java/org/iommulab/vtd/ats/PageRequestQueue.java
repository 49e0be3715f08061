package org.iommulab.vtd.ats;

import org.iommulab.bus.ats.AtsEndpoint;
import org.iommulab.bus.ats.AtsEndpoints;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent.Fate;
import org.iommulab.bus.ats.TranslationAgent.Receipt;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.PageRequest;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.EventMessage;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.translate.Requests;
import org.iommulab.vtd.translate.Translator;

/**
 * The queue of page requests that endpoints fill and software empties. Source: vtd.md 9.
 *
 * <p>A request that is lost or refused would leave its endpoint waiting, so the unit itself answers
 * a group whose last request meets that fate.
 */
final class PageRequestQueue {

  private static final Register PQH = RegisterLayouts.PQH;
  private static final Register PQT = RegisterLayouts.PQT;
  private static final Register PQA = RegisterLayouts.PQA;
  private static final int STATUS = RegisterLayouts.PRS.position();
  private static final int PENDING = (int) RegisterLayouts.PRS.field("PPR").mask();
  private static final int OVERFLOW = (int) RegisterLayouts.PRS.field("PRO").mask();

  private final RegisterFile registers;
  private final PhysicalMemory memory;
  private final Translator translator;
  private final Caches caches;
  private final Requests requests;
  private final Counters counters;
  private final EventMessage event;
  private final AtsEndpoints endpoints;
  private final boolean exists;

  PageRequestQueue(
      UnitConfiguration configuration,
      Surroundings surroundings,
      RegisterFile registers,
      Caches caches,
      Translator translator,
      Requests requests,
      Counters counters) {
    this.registers = registers;
    this.caches = caches;
    this.translator = translator;
    this.requests = requests;
    this.counters = counters;
    memory = surroundings.memory();
    endpoints = surroundings.endpoints();
    event = new EventMessage(registers, surroundings.messages(), RegisterLayouts.PECTL);
    registers.onWrite(RegisterLayouts.PRS, this::statusWritten);
    exists = configuration.capabilities().has(ExtendedCapabilityLayout.PRS);
  }

  /** Software wrote PRS: conditions may be gone. */
  private void statusWritten() {
    if ((registers.get32(STATUS) & (PENDING | OVERFLOW)) == 0) {
      event.conditionsGone();
    }
  }

  /** Takes a message in, or finds out why it cannot. */
  Receipt submit(PageRequestMessage message) {
    if (!exists) {
      return new Receipt(Fate.REFUSED, 0);
    }
    Request request = requests.current();
    start(request, message);
    Binding binding = translator.bindPageRequest(request);
    if (binding == null) {
      requests.refuse();
      boolean structure = !Requests.isConfiguration(request.reason);
      answer(message, structure ? PageGroupResponse.FAILURE : PageGroupResponse.INVALID_REQUEST);
      return new Receipt(Fate.REFUSED, request.reason == null ? 0 : request.reason.code());
    }
    // What the endpoint ran into must not be served again from a cache.
    caches.invalidatePasidPages(binding.domain, request.usedPasid, request.address, 0, false);
    if (!append(message)) {
      answer(message, PageGroupResponse.SUCCESS);
      return new Receipt(Fate.OVERFLOW, 0);
    }
    return new Receipt(Fate.QUEUED, 0);
  }

  private static void start(Request request, PageRequestMessage message) {
    int need = message.read() ? Rights.READ : 0;
    need |= message.write() ? Rights.WRITE : 0;
    need |= message.execute() ? Rights.EXECUTE : 0;
    request.start(message.source().value(), Page.start(message.address()), need);
    request.pasid = message.pasid().value();
    request.usedPasid = request.pasid;
    request.privileged = message.privileged() && message.hasPasid();
    request.pageRequest = true;
  }

  private boolean append(PageRequestMessage message) {
    int status = registers.get32(STATUS);
    if ((status & OVERFLOW) != 0) {
      return false;
    }
    long size = 4096L << PQA.field("PQS").get(registers.get64(PQA.position()));
    long tail = registers.get64(PQT.position()) & size - 1;
    long next = tail + PageRequest.BYTES & size - 1;
    if (next == (registers.get64(PQH.position()) & size - 1)) {
      condition(status, OVERFLOW);
      return false;
    }
    write(PQA.field("PQA").get(registers.get64(PQA.position())) + tail, message);
    registers.set64(PQT.position(), next);
    counters.pageRequests++;
    condition(status, PENDING);
    return true;
  }

  private void write(long address, PageRequestMessage message) {
    long low = PageRequest.TYPE.with(0, PageRequest.PAGE_REQUEST);
    low = PageRequest.RID.with(low, message.source().value());
    if (message.hasPasid()) {
      low = PageRequest.PP.with(low, 1);
      low = PageRequest.PASID.with(low, message.pasid().value());
      low = PageRequest.EXR.with(low, message.execute() ? 1 : 0);
      low = PageRequest.PMR.with(low, message.privileged() ? 1 : 0);
    }
    long high = message.address() & PageRequest.ADDR.mask();
    high = PageRequest.RDR.with(high, message.read() ? 1 : 0);
    high = PageRequest.WRR.with(high, message.write() ? 1 : 0);
    high = PageRequest.LPIG.with(high, message.last() ? 1 : 0);
    high = PageRequest.PRGI.with(high, message.group());
    memory.writeQword(address, low);
    memory.writeQword(address + 8, high);
    memory.writeQword(address + 16, 0);
    memory.writeQword(address + 24, 0);
  }

  private void condition(int before, int bit) {
    registers.set32(STATUS, before | bit);
    if ((before & (PENDING | OVERFLOW)) == 0) {
      event.raise();
    }
  }

  private void answer(PageRequestMessage message, int code) {
    AtsEndpoint endpoint = endpoints.endpoint(message.source());
    if (message.last() && !message.isStopMarker() && endpoint != null) {
      endpoint.pageGroupResponse(new PageGroupResponse(message.pasid(), message.group(), code));
    }
  }
}
