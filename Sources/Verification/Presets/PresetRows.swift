/// The presets: known senders, in the form in which anybody writes a scheme of their own.
///
/// A row is what stands under `verify:`, with `title` and `note` for people. Its comment says where the facts come from;
/// [K] marks what is general knowledge and was not checked against the vendor's page.
enum PresetRows {
    /// Senders whose signature is a message code of the request.
    static let codes = #"""
        # standard-webhooks/standard-webhooks spec/standard-webhooks.md, libraries/go/webhook.go
        standard:
          title: Standard Webhooks (v1 with a secret, v1a with a public key)
          header: webhook-signature
          parse: versions
          version: v1
          sign: "{id}.{timestamp}.{body}"
          encoding: base64
          secret_encoding: base64
          secret_prefix: whsec_
          id: "{header.webhook-id}"
          timestamp: {from: "{header.webhook-timestamp}", unit: s, tolerance: 5m}
          asymmetric: {algorithm: ed25519, version: v1a, key_prefix: whpk_}
          body: json

        # svix/svix-webhooks rust/src/webhooks.rs (falls back to the names of Standard Webhooks)
        svix:
          title: Svix
          header: svix-signature|webhook-signature
          parse: versions
          version: v1
          sign: "{id}.{timestamp}.{body}"
          encoding: base64
          secret_encoding: base64
          secret_prefix: whsec_
          id: "{header.svix-id|webhook-id}"
          timestamp: {from: "{header.svix-timestamp|webhook-timestamp}", unit: s, tolerance: 5m}
          asymmetric: {algorithm: ed25519, version: v1a, key_prefix: whpk_}
          body: json

        # github/docs content/webhooks/using-webhooks/validating-webhook-deliveries.md
        github:
          title: GitHub
          header: X-Hub-Signature-256
          parse: prefix
          prefix: sha256=
          encoding: hex
          id: "{header.X-GitHub-Delivery}"

        # stripe/stripe-go webhook/client.go; the secret is used as it stands, with whsec_
        stripe:
          title: Stripe
          header: Stripe-Signature
          parse: pairs
          key: v1
          sign: "{timestamp}.{body}"
          encoding: hex
          id: "{body.id}"
          timestamp: {from: "{part.t}", unit: s, tolerance: 5m}
          body: json

        # slackapi/python-slack-sdk slack_sdk/signature/__init__.py; api.slack.com/events/url_verification
        slack:
          title: Slack
          note: Slash commands and interactions are forms; an interaction is JSON in the field payload.
          header: X-Slack-Signature
          parse: prefix
          prefix: v0=
          sign: "v0:{timestamp}:{body}"
          encoding: hex
          timestamp: {from: "{header.X-Slack-Request-Timestamp}", unit: s, tolerance: 5m}
          form_field: payload
          handshake:
            - name: url_verification
              when: {body.type: url_verification}
              signed: true
              text: "{body.challenge}"

        # hookdeck/webhook-skills skills/zoom-webhooks; developers.zoom.us/docs/api/webhooks
        zoom:
          title: Zoom
          header: x-zm-signature
          parse: prefix
          prefix: v0=
          sign: "v0:{timestamp}:{body}"
          encoding: hex
          timestamp: {from: "{header.x-zm-request-timestamp}", unit: s}
          body: json
          handshake:
            - name: endpoint.url_validation
              when: {body.event: endpoint.url_validation}
              signed: true
              json:
                plainToken: "{body.payload.plainToken}"
                encryptedToken: "{hmac-sha256-hex:body.payload.plainToken}"

        # Shopify/shopify-api-js packages/shopify-api/lib/webhooks
        shopify:
          title: Shopify
          header: X-Shopify-Hmac-SHA256
          encoding: base64
          id: "{header.X-Shopify-Webhook-Id}"
          body: json

        # hookdeck/webhook-skills skills/woocommerce-webhooks
        woocommerce:
          title: WooCommerce
          header: X-WC-Webhook-Signature
          encoding: base64
          id: "{header.X-WC-Webhook-Delivery-ID}"

        # frain-dev/convoy issue 1827; developer.xero.com "intent to receive" [K]
        xero:
          title: Xero
          note: Its intent to receive sends wrong signatures on purpose, which 401 answers as it wants.
          header: x-xero-signature
          encoding: base64
          body: json

        # developers.facebook.com/docs/graph-api/webhooks; the secret is the app's
        meta:
          title: Meta (Facebook, Instagram, WhatsApp)
          header: X-Hub-Signature-256
          parse: prefix
          prefix: sha256=
          encoding: hex
          body: json
          methods: [POST, GET]
          handshake:
            - name: hub.challenge
              method: GET
              when: {query.hub.mode: subscribe, query.hub.challenge: "*"}
              token: query.hub.verify_token
              text: "{query.hub.challenge}"

        # cursor.com/docs/cloud-agent/api/webhooks
        cursor:
          title: Cursor
          header: X-Webhook-Signature
          parse: prefix
          prefix: sha256=
          encoding: hex
          id: "{header.X-Webhook-ID}"
          body: json

        # hookdeck/webhook-skills skills/paddle-webhooks; the SDKs' tolerance of 5 s is too short for a retry [K]
        paddle:
          title: Paddle
          header: Paddle-Signature
          parse: pairs
          separator: ";"
          key: h1
          sign: "{timestamp}:{body}"
          encoding: hex
          id: "{body.event_id}"
          timestamp: {from: "{part.ts}", unit: s, tolerance: 30s}
          body: json

        # hookdeck/webhook-skills skills/webflow-webhooks
        webflow:
          title: Webflow
          header: x-webflow-signature
          sign: "{timestamp}:{body}"
          encoding: hex
          timestamp: {from: "{header.x-webflow-timestamp}", unit: ms, tolerance: 5m}
          body: json

        # hookdeck/webhook-skills skills/elevenlabs-webhooks; 30 minutes are the SDKs' [K]
        elevenlabs:
          title: ElevenLabs
          header: ElevenLabs-Signature
          parse: pairs
          key: v0
          sign: "{timestamp}.{body}"
          encoding: hex
          timestamp: {from: "{part.t}", unit: s, tolerance: 30m}
          body: json

        # hookdeck/webhook-skills skills/vercel-webhooks
        vercel:
          title: Vercel
          header: x-vercel-signature
          algorithm: hmac-sha1
          encoding: hex
          id: "{body.id}"
          body: json

        # frain-dev/convoy verifier_test.go and internal/pkg/crc/crc_test.go; the secret is the consumer's
        x:
          title: X
          header: X-Twitter-Webhooks-Signature
          parse: prefix
          prefix: sha256=
          encoding: base64
          body: json
          methods: [POST, GET]
          handshake:
            - name: crc
              method: GET
              when: {query.crc_token: "*"}
              json: {response_token: "sha256={hmac-sha256-base64:query.crc_token}"}

        # developer.squareup.com WebhooksHelper, as used in many repositories with this header; the URL is a part of it
        square:
          title: Square
          note: The URL is signed too - set url to the notification URL as it stands in the developer console.
          header: x-square-hmacsha256-signature
          sign: "{url}{body}"
          encoding: base64
          id: "{body.event_id}"
          body: json

        # hookdeck/outpost, guide on verifying; whsec_ is a part of the secret
        outpost:
          title: Hookdeck Outpost
          header: x-outpost-signature
          parse: prefix
          prefix: v0=
          separator: ","
          encoding: hex
          id: "{header.x-outpost-event-id}"

        # hookdeck.com/docs/webhooks-signature-verification [K]
        hookdeck:
          title: Hookdeck
          header: x-hookdeck-signature|x-hookdeck-signature-2
          encoding: base64
          id: "{header.x-hookdeck-eventid}"

        # GetStream/stream-chat-python stream_chat/base/client.py verify_webhook; the secret is the API's
        getstream:
          title: GetStream
          header: X-Signature
          encoding: hex
          id: "{header.X-Webhook-Id}"
          body: json

        # dropbox.com/developers/reference/webhooks [K]; the secret is the app's
        dropbox:
          title: Dropbox
          header: X-Dropbox-Signature
          encoding: hex
          body: json
          methods: [POST, GET]
          handshake:
            - name: challenge
              method: GET
              when: {query.challenge: "*"}
              text: "{query.challenge}"

        # dev.twitch.tv/docs/eventsub/handling-webhook-events [K]
        twitch:
          title: Twitch EventSub
          header: Twitch-Eventsub-Message-Signature
          parse: prefix
          prefix: sha256=
          sign: "{id}{timestamp}{body}"
          encoding: hex
          id: "{header.Twitch-Eventsub-Message-Id}"
          timestamp:
            from: "{header.Twitch-Eventsub-Message-Timestamp}"
            unit: rfc3339
            tolerance: 10m
          body: json
          handshake:
            - name: webhook_callback_verification
              when: {header.Twitch-Eventsub-Message-Type: webhook_callback_verification}
              signed: true
              text: "{body.challenge}"

        # adnanh/webhook internal/hook/hook_test.go (Scalr)
        scalr:
          title: Scalr
          header: X-Signature
          algorithm: hmac-sha1
          sign: "{body}{header.Date}"
          encoding: hex
          body: json
        """#
}
