/**
 * The processor's loads and stores, registers, and requests of plain devices. May import {@code
 * lab.run.state} and what that may import.
 */
package org.iommulab.lab.run.hardware;
