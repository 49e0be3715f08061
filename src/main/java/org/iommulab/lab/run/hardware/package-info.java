/**
 * The processor's loads and stores, registers, and requests of plain devices. May import {@code
 * lab.language}, {@code lab.machine}, {@code lab.run.state}, {@code vtd}, {@code vtd.layout},
 * {@code vtd.request}, {@code bus} and {@code memory}.
 */
package org.iommulab.lab.run.hardware;
